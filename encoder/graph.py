"""multilingual-e5-small (a 12-layer BERT) as two ONNX graphs: ids and mask in, unit vectors out.

The lower one gives `features`, the mean after a layer in the middle: what kind of sentence it is, a question or a wish, is
still told there, while the last layer keeps little but what it is about. The upper one goes on from the lower one's `states`
to `vector`, which is what the model was trained to give, and the `tokens` that it is the mean of.

Uses onnxruntime's fused operators (Attention, SkipLayerNormalization, BiasGelu), which is where its speed on a CPU
comes from. The embedding table is kept in 8 bits, a scale a row.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from encoder.weights import E5Weights

MIDDLE = 7
"""Layers of the lower graph."""
_FUSED = "com.microsoft"
_EPSILON = 1e-12


class GraphBuilder:
    """Collects nodes and constants; one instance a graph."""

    def __init__(self, weights: E5Weights, kept: NDArray[np.int64]) -> None:
        self.weights = weights
        self.kept = kept
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def lower(self) -> Any:
        """The layers up to the middle. Row i of the embedding table is piece `kept[i]`."""
        self._node("Cast", ["mask"], "mask32", to=TensorProto.INT32)
        x = self._embedding()
        for layer in range(MIDDLE):
            x = self._layer(x, f"l{layer}.")
        self._pool(x, "features")
        self._node("Identity", [x], "states")
        return self._model({"ids": TensorProto.INT64}, {"states": ["B", "T"], "features": ["B"]})

    def upper(self) -> Any:
        """The layers above."""
        self._node("Cast", ["mask"], "mask32", to=TensorProto.INT32)
        x = "states"
        for layer in range(MIDDLE, self.weights.layers):
            x = self._layer(x, f"l{layer}.")
        self._pool(x, "vector")
        self._node("Identity", [x], "tokens")
        return self._model({"states": TensorProto.FLOAT}, {"vector": ["B"], "tokens": ["B", "T"]})

    def _model(self, given: dict[str, int], made: dict[str, list[str]]) -> Any:
        """Of the nodes so far. `given` comes beside the mask; what is made has the hidden numbers last."""
        hidden = self.weights.hidden
        inputs = [helper.make_tensor_value_info("mask", TensorProto.INT64, ["B", "T"])]
        inputs += [
            helper.make_tensor_value_info(
                name, kind, ["B", "T", hidden] if kind == TensorProto.FLOAT else ["B", "T"]
            )
            for name, kind in given.items()
        ]
        outputs = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [*shape, hidden])
            for name, shape in made.items()
        ]
        graph = helper.make_graph(self.nodes, "e5-small", inputs, outputs, self.constants)
        versions = [helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=9)

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def _embedding(self) -> str:
        weights = self.weights
        table = weights.tensor("emb.word")[self.kept]
        scale = np.maximum(np.abs(table).max(1, keepdims=True) / 127, 1e-12).astype(np.float32)
        self._node("Gather", [self._constant("words", np.rint(table / scale).astype(np.int8)), "ids"], "w8")
        self._node("Cast", ["w8"], "w32", to=TensorProto.FLOAT)
        self._node("Gather", [self._constant("word_scales", scale), "ids"], "ws")
        self._node("Mul", ["w32", "ws"], "word")
        places = (
            weights.tensor("emb.pos").reshape(-1, weights.hidden)
            + weights.tensor("emb.type")[: weights.hidden]
        )
        self._node("Shape", ["ids"], "shape")
        one, two = self._constant("one", np.array([1])), self._constant("two", np.array([2]))
        self._node("Slice", ["shape", one, two], "length")
        zero = self._constant("zero", np.array([0]))
        self._node(
            "Slice", [self._constant("places", places.astype(np.float32)), zero, "length", zero], "place"
        )
        self._node("Add", ["word", "place"], "embedded")
        gain, bias = (self._constant(f"emb_{n}", weights.tensor(f"emb.ln.{n}")) for n in ("w", "b"))
        return self._node("LayerNormalization", ["embedded", gain, bias], "x", epsilon=_EPSILON, axis=-1)

    def _layer(self, x: str, name: str) -> str:
        tensor = self.weights.tensor
        query = np.concatenate([tensor(f"{name}{part}.w") for part in "qkv"])
        query_bias = np.concatenate([tensor(f"{name}{part}.b") for part in "qkv"])
        inputs = [
            x,
            self._constant(f"{name}qkv", query.T),
            self._constant(f"{name}qkv_b", query_bias),
            "mask32",
        ]
        context = self._node("Attention", inputs, f"{name}context", _FUSED, num_heads=self.weights.heads)
        mixed = self._matrix(context, f"{name}ao", self.weights.hidden)
        x = self._skip_norm(x, mixed, f"{name}aln", f"{name}ao.b")
        wide = self._matrix(x, f"{name}fi", self.weights.hidden)
        active = self._node(
            "BiasGelu", [wide, self._constant(f"{name}fi_b", tensor(f"{name}fi.b"))], f"{name}g", _FUSED
        )
        narrow = self._matrix(active, f"{name}fo", self.weights.feed_forward)
        return self._skip_norm(x, narrow, f"{name}oln", f"{name}fo.b")

    def _matrix(self, x: str, name: str, columns: int) -> str:
        weight = self.weights.tensor(f"{name}.w", columns)
        return self._node("MatMul", [x, self._constant(f"{name}_w", weight.T)], f"{name}_y")

    def _skip_norm(self, x: str, y: str, name: str, bias: str) -> str:
        parts = [self._constant(f"{name}_{n}", self.weights.tensor(f"{name}.{n}")) for n in ("w", "b")]
        parts.append(self._constant(f"{bias}_c", self.weights.tensor(bias)))
        return self._node("SkipLayerNormalization", [x, y, *parts], f"{name}_x", _FUSED, epsilon=_EPSILON)

    def _pool(self, x: str, name: str) -> None:
        """The mean over real tokens, scaled to length 1."""
        self._node("Cast", ["mask"], "maskf", to=TensorProto.FLOAT)
        self._node("Unsqueeze", ["maskf", self._constant("axis2", np.array([2]))], "mask3")
        axis = self._constant("axis1", np.array([1]))
        self._node("Mul", [x, "mask3"], "masked")
        self._node("ReduceSum", ["masked", axis], "summed", keepdims=0)
        self._node("ReduceSum", ["mask3", axis], "counted", keepdims=0)
        self._node("Div", ["summed", "counted"], "mean")
        self._node("LpNormalization", ["mean"], name, axis=-1, p=2)


def save_graph(model: Any, path: str) -> None:
    """Write the model to a file."""
    onnx.save(model, path)
