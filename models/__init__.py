"""What the classifier is: codes, text, features, scorers, and the shipped weights."""

from models.artifact import ArtifactError
from models.classifier import Classifier
from models.model_store import ModelStore
from models.taxonomy import Taxonomy, load_taxonomy
from models.text import TextError

__all__ = ["ArtifactError", "Classifier", "ModelStore", "Taxonomy", "TextError", "load_taxonomy"]
