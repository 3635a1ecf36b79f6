"""Low-rank adapters: each linear layer learns a correction of few numbers, which is added into its weights afterwards.

E. Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021.
"""

from __future__ import annotations

from typing import Any


def add_adapters(model: Any, rank: int, targets: tuple[str, ...] = ("query", "value", "dense")) -> None:
    """Freeze the model and put an adapter on every linear layer whose name ends with a target."""
    import torch

    for parameter in model.parameters():
        parameter.requires_grad = False
    for name, layer in list(model.named_modules()):
        if isinstance(layer, torch.nn.Linear) and name.split(".")[-1] in targets:
            parent = model.get_submodule(name.rpartition(".")[0])
            setattr(parent, name.split(".")[-1], _adapted(layer, rank))


def merge_adapters(model: Any) -> None:
    """Add the corrections to the weights: the model has its old shape again."""
    import torch

    for name, layer in list(model.named_modules()):
        if hasattr(layer, "correction"):
            parent = model.get_submodule(name.rpartition(".")[0])
            with torch.no_grad():
                layer.base.weight += layer.correction()
            setattr(parent, name.split(".")[-1], layer.base)


def _adapted(base: Any, rank: int) -> Any:
    import torch

    class Adapted(torch.nn.Module):  # type: ignore[misc]
        """`base`, and a correction of rank `rank` that starts at nothing."""

        def __init__(self) -> None:
            super().__init__()
            self.base = base
            self.down = torch.nn.Parameter(torch.randn(rank, base.in_features) / base.in_features**0.5)
            self.up = torch.nn.Parameter(torch.zeros(base.out_features, rank))

        def correction(self) -> Any:
            return self.up @ self.down

        def forward(self, x: Any) -> Any:
            return self.base(x) + x @ self.down.T @ self.up.T

    return Adapted()
