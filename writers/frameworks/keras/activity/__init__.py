"""Activity of the units of a Keras model, on a few of its training examples. Of TensorFlow's backend only."""
