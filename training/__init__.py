"""Retraining: data, training, evaluation, promotion."""
