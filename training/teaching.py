"""What larger encoders teach a smaller one (distillation; Hinton et al., 2015).

Teachers say of a text how likely each label of each head is; the pupil learns to say the same.
They can be asked about any text, so texts are made for them: some tokens of a comment are
replaced by what a masked-token model thinks likely there (Jiao et al., 2020, "TinyBERT").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForMaskedLM

from models.fast import COLUMNS, head_slices
from training.accelerator import device, half_precision
from training.encoder import Reader, TextEncoder, load_encoder
from training.tuned import check_subwords, load_tuned


@dataclass(frozen=True)
class Teachers:
    """Tuned encoders that read the pupil's subwords, and a masked-token model that does."""

    models: Sequence[TextEncoder]
    reader: Reader
    writer: Any = None

    @cached_property
    def _special(self) -> torch.Tensor:
        """Which of the subwords stand for no text, shape (subwords,)."""
        special = torch.zeros(len(self.reader.tokenizer), dtype=torch.bool)
        special[self.reader.tokenizer.all_special_ids] = True
        return special.to(device())

    @torch.no_grad()
    def opinions(self, ids: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
        """Return the mean of the teachers' probabilities, shape (texts, COLUMNS)."""
        total = torch.zeros(len(ids), COLUMNS, device=ids.device)
        said = []
        for model in self.models:
            with half_precision(model):
                said.append(model(ids, present)[:, :COLUMNS].float())
        for columns in head_slices().values():
            for logits in said:
                total[:, columns] += torch.softmax(logits[:, columns], dim=-1) / len(said)
        return total

    @torch.no_grad()
    def rewritten(self, ids: torch.Tensor, present: torch.Tensor, share: float) -> torch.Tensor:
        """Return the texts with about a share of their tokens drawn anew by the writer."""
        count = int(share * ids.numel())
        if self.writer is None or not count:
            return ids
        # A fixed number of places, of which only those are drawn anew that are left by the dice:
        # a recorded step cannot wait for how many there are.
        dice = (
            torch.rand(ids.shape, device=ids.device).masked_fill(self._special[ids], 1.0).flatten()
        )
        places = dice.argsort()[:count]
        chosen, old = dice[places] < share, ids.flatten()[places]
        masked = old.masked_fill(chosen, int(self.reader.tokenizer.mask_token_id))
        hidden = ids.flatten().scatter(0, places, masked).view_as(ids)
        with half_precision(self.writer):
            states = self.writer.base_model(hidden, attention_mask=present).last_hidden_state
            logits = self.writer.cls(states.flatten(0, 1)[places]).float()
        logits = logits.masked_fill(self._special, -torch.inf)
        # Drawn by the sums of the probabilities: torch's own draw would wait for a number, and
        # noise for each subword costs more than the writer does.
        sums = torch.softmax(logits, dim=-1).cumsum(dim=-1)
        draws = torch.rand(count, 1, device=ids.device) * sums[:, -1:]
        drawn = torch.searchsorted(sums, draws, right=True).clamp(max=sums.shape[1] - 1).flatten()
        return ids.flatten().scatter(0, places, torch.where(chosen, drawn, old)).view_as(ids)


def taught_loss(logits: torch.Tensor, opinions: torch.Tensor, heads: Iterable[str]) -> torch.Tensor:
    """Return the mean over the texts of the cross-entropy with the opinions, of some heads."""
    total = logits.new_zeros(())
    for columns in (head_slices()[head] for head in heads):
        logs = torch.log_softmax(logits[:, columns], dim=-1)
        total = total - (opinions[:, columns] * logs).sum() / len(logits)
    return total


def load_teachers(
    folders: Sequence[str | Path], writer: str | Path | None, pupil: Reader
) -> Teachers:
    """Load tuned encoders, and a masked-token model, that read the same subwords as the pupil.

    Raise `OSError` for a folder that is none, `ValueError` for one that was never tuned on our
    labels, reads other subwords, or is to write and cannot predict tokens.
    """
    models = [load_tuned(folder, pupil).to(device()).eval() for folder in folders]
    if writer is None:
        return Teachers(models, pupil)
    _, reader = load_encoder(writer)
    check_subwords(writer, reader.tokenizer, pupil)
    masked, loaded = AutoModelForMaskedLM.from_pretrained(
        str(writer), dtype=torch.float32, output_loading_info=True
    )
    if loaded["missing_keys"]:  # else they would be random, and what it writes noise
        raise ValueError(f"{writer}: no writer, it lacks the layer that predicts tokens")
    return Teachers(models, pupil, masked.to(device()).eval())
