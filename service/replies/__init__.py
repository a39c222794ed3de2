"""Reply templates: what they say, which fit a comment, and what must never be sent."""

from __future__ import annotations

from service.replies.catalogue import Catalogue
from service.replies.outgoing import OVERRULABLE, check_outgoing
from service.replies.platforms import PLATFORM_LIMITS
from service.replies.rank import Outcome, Reply, suggest
from service.replies.render import matched_claim, render, reply_context
from service.replies.search import find_templates, replies_from
from service.replies.slots import SLOT_TYPE_NAMES, Fault, form_of_address
from service.replies.template import Template, TemplateError
from service.replies.template_check import check_template, load_templates, read_template

__all__ = [
    "OVERRULABLE",
    "PLATFORM_LIMITS",
    "SLOT_TYPE_NAMES",
    "Catalogue",
    "Fault",
    "Outcome",
    "Reply",
    "Template",
    "TemplateError",
    "check_outgoing",
    "check_template",
    "find_templates",
    "form_of_address",
    "load_templates",
    "matched_claim",
    "read_template",
    "render",
    "replies_from",
    "reply_context",
    "suggest",
]
