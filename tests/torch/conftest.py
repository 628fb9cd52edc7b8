"""One thread: what is compared to the bit must be summed in one order, and other tests run beside these."""

from __future__ import annotations

import torch

torch.set_num_threads(1)
