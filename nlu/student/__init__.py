"""A small model that tells from letters alone where the sentence encoder would put a sentence."""

from nlu.student.model import Student, load_student

__all__ = ["Student", "load_student"]
