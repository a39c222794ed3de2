"""What others would build the job from, each as its documentation says, for `training.bench`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import fasttext
import langdetect
import spacy
import torch
from lingua import Language, LanguageDetectorBuilder
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from spacy.training import Example
from transformers import AutoTokenizer, XLMRobertaConfig, XLMRobertaForSequenceClassification

from models.text import normalise
from training.encoder import OWN

Run = Callable[[Sequence[str]], object]
_XLMR_BATCH = 32
_XLMR_LONGEST = 128


def xlm_roberta() -> Run:
    """Return a classifier of XLM-R base's size; random weights cost what trained ones do.

    Its own tokenizer cannot be had without a hub; ours gives about as many tokens.
    Texts of like length stand together, which is kinder to it than the order they came in.
    """
    config = XLMRobertaConfig(vocab_size=250_002, max_position_embeddings=514, type_vocab_size=1)
    model = XLMRobertaForSequenceClassification(config)
    model.train(mode=False)
    tokenizer = AutoTokenizer.from_pretrained(str(OWN))

    @torch.no_grad()
    def run(texts: Sequence[str]) -> object:
        ordered = sorted(texts, key=len)
        found = []
        for start in range(0, len(ordered), _XLMR_BATCH):
            batch = tokenizer(
                [normalise(text) for text in ordered[start : start + _XLMR_BATCH]],
                padding=True,
                truncation=True,
                max_length=_XLMR_LONGEST,
                return_tensors="pt",
                return_token_type_ids=False,
            )
            found.append(model(**batch).logits.softmax(-1))
        return found

    return run


def scikit_learn(texts: Sequence[str], labels: Sequence[str]) -> Run:
    """Return what most would build first: character n-grams, TF-IDF, logistic regression."""
    pipeline = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True),
        LogisticRegression(max_iter=30, tol=1e-2),
    ).fit(texts, labels)
    answer: Run = pipeline.predict_proba
    return answer


def fast_text(texts: Sequence[str], labels: Sequence[str]) -> Run:
    """Return a supervised fastText classifier with character n-grams."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        lines = [
            f"__label__{label} {' '.join(text.split())}"
            for text, label in zip(texts, labels, strict=True)
        ]
        path.write_text("\n".join(lines), encoding="utf-8")
        model = fasttext.train_supervised(
            str(path), minn=2, maxn=5, wordNgrams=2, bucket=200_000, verbose=0
        )
    return lambda some: model.predict([" ".join(text.split()) for text in some])


def spacy_textcat(texts: Sequence[str], labels: Sequence[str]) -> Run:
    """Return spaCy's text classifier in its default architecture, shown some texts once."""
    pipeline: Any = spacy.blank("xx")
    classifier = pipeline.add_pipe("textcat")
    for label in sorted(set(labels)):
        classifier.add_label(label)
    codes = sorted(set(labels))
    shown = [
        Example.from_dict(
            pipeline.make_doc(text), {"cats": {code: float(code == label) for code in codes}}
        )
        for text, label in list(zip(texts, labels, strict=True))[:500]
    ]
    pipeline.initialize(lambda: shown)
    pipeline.update(shown)
    return lambda some: [doc.cats for doc in pipeline.pipe(some, batch_size=256)]


def lingua() -> Run:
    """Return lingua's detector, limited to the languages it is asked about."""
    detector = LanguageDetectorBuilder.from_languages(
        Language.KAZAKH, Language.RUSSIAN, Language.ENGLISH
    ).build()
    return lambda some: detector.detect_languages_in_parallel_of(list(some))


def lang_detect() -> Run:
    """Return langdetect's guesses, empty for a text without letters."""

    def detect(text: str) -> str:
        try:
            return str(langdetect.detect(text))
        except langdetect.LangDetectException:
            return ""

    return lambda some: [detect(text) for text in some]
