/** Classes that are known to make no multiply-adds that count: they move numbers, look them up or work on each alone. */
import type { Layer } from './tree';

/** Layers by what Keras and PyTorch call them. */
const LAYERS = words(`
  input inputlayer placeholder parameter constant output identity
  add subtract multiply average maximum minimum concatenate
  activation relu relu6 leakyrelu prelu rrelu elu selu celu gelu glu silu swish mish sigmoid hardsigmoid logsigmoid hardswish tanh hardtanh
  softmax softmax2d logsoftmax softmin softplus softsign softshrink hardshrink tanhshrink threshold
  reshape flatten unflatten permute repeatvector fold unfold pixelshuffle pixelunshuffle channelshuffle
  embedding embeddingbag reversibleembedding masking rescaling normalization layerscale hashing categoryencoding discretization integerlookup
  stringlookup activityregularization gaussiannoise localresponsenorm crossmaplrn2d
  upsample upsamplingnearest2d upsamplingbilinear2d resizing centercrop randomflip randomcrop
`);

/** Operations that are no layers; a layer of such a name is somebody's own. */
const OPERATIONS = words(`
  radd iadd sub rsub isub mul rmul imul div truediv divide floordivide rdiv mod neg negative
  max min mean sum amax amin argmax argmin cumsum cumprod clip clamp abs absolute sign exp log log1p expm1 sqrt rsqrt square pow power round
  floor ceil sin cos eq equal ne notequal lt less lessequal le gt greater greaterequal ge and or not logicaland logicalor logicalnot where
  maskedfill isnan normalize
  view transpose movedim swapaxes squeeze unsqueeze expanddims expand expandas broadcastto repeat tile contiguous clone detach copy to cast
  float half type astype getitem getattr size shape dim split chunk unbind stack unstack cat concat slice narrow select gather take
  takealongaxis indexselect roll flip pad arange zeros ones full zeroslike oneslike onehot interpolate
`);

/** Families with one name for each number of axes. Anchored: a class of somebody's own that only sounds like one is not known. */
const FAMILIES =
  /^((adaptive|global|fractional)?(max|average|avg|lp)(un)?pool(ing)?|(lazy)?(batch|layer|group|instance|rms|unit|syncbatch)norm(alization)?|(alpha|spatial|feature|featurealpha|gaussian)?dropout|(zero|reflection|replication|constant|circular)pad(ding)?|cropping|upsampling)([123]d)?$/;

/** Whether a layer or operation costs no multiply-adds, though nobody counted them. */
export function isFree({ class: className, layer }: Pick<Layer, 'class' | 'layer'>): boolean {
  const name = plain(className);
  return LAYERS.has(name) || FAMILIES.test(name) || (layer === '' && OPERATIONS.has(name));
}

/** Classes that only hold others: they cost what those cost, though nothing tells how these are connected. */
const HOLDERS = words('modulelist moduledict sequential functional bidirectional stackedrnncells');

export function onlyHolds({ class: className }: Pick<Layer, 'class'>): boolean {
  return HOLDERS.has(plain(className));
}

function plain(className: string): string {
  return className.replaceAll('_', '').toLowerCase();
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
