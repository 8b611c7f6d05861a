# SPDX-License-Identifier: GPL-3.0-or-later
"""The daemon's OpenAPI document as a source of requests: right and wrong values for every field, and the judgement of answers."""
import re
import uuid
from dataclasses import dataclass, field

import jsonschema

METHODS = ("get", "post", "put", "delete", "patch")
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
MAC = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}")

formats = jsonschema.FormatChecker()
formats.checks("date-time")(lambda value: not isinstance(value, str) or bool(DATE_TIME.fullmatch(value)))
formats.checks("mac")(lambda value: not isinstance(value, str) or bool(MAC.fullmatch(value)))
formats.checks("uuid", ValueError)(lambda value: not isinstance(value, str) or uuid.UUID(value) is not None)


@dataclass
class Operation:
    """One method of one path."""

    path: str
    method: str
    data: dict
    name: str = ""
    body: dict = None  # the schema of its JSON body
    media_type: str = None  # of its body
    parameters: list = field(default_factory=list)

    def parameters_in(self, place):
        return [p for p in self.parameters if p["in"] == place]

    @property
    def is_public(self):
        return self.data.get("security") == []

    @property
    def is_foreign(self):
        """Whether it belongs to an API that others have specified."""
        return "x-muster-dialect" in self.data

    @property
    def opens_to_devices(self):
        return any("device" in row for row in self.data.get("security") or [])


class Document:
    def __init__(self, data):
        self.data, self.validators = data, {}
        self.operations = [self.read(path, method, value) for path, methods in data["paths"].items()
                           for method, value in methods.items() if method in METHODS]

    def read(self, path, method, value):
        operation = Operation(path, method.upper(), value, value["operationId"])
        operation.parameters = [self.resolve(p) for p in self.data["paths"][path].get("parameters", []) + value.get("parameters", [])]
        for media_type, content in self.resolve(value.get("requestBody", {})).get("content", {}).items():
            operation.media_type = media_type
            if media_type == "application/json":
                operation.body = self.resolve(content.get("schema", {}))
        return operation

    def resolve(self, value):
        while "$ref" in value:
            part = self.data
            for step in value["$ref"].removeprefix("#/").split("/"):
                part = part[step.replace("~1", "/").replace("~0", "~")]
            value = part
        return value

    def methods_of(self, path):
        return {method.upper() for method in self.data["paths"][path] if method in METHODS}

    def why_not(self, operation, status, media_type, value):
        """Why VALUE is no answer as the document describes it, or None."""
        answer = operation.data["responses"].get(str(status))
        if answer is None:
            return f"{status} is not described"
        content = self.resolve(answer).get("content", {})
        if media_type and media_type not in content and "*/*" in content:
            return None
        if media_type not in content:
            return f"{media_type} is not described" if media_type or content else None
        if media_type != "application/json":
            return None
        key = (operation.name, status)
        if key not in self.validators:
            schema = {**content[media_type]["schema"], "components": self.data["components"]}
            self.validators[key] = jsonschema.Draft202012Validator(schema, format_checker=formats)
        errors = [f"{error.json_path}: {error.message[:200]}" for error in self.validators[key].iter_errors(value)]
        return "; ".join(errors[:3]) or None


def types_of(schema):
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else kinds


def right_value(schema):
    """A value that SCHEMA takes."""
    if "enum" in schema:
        return schema["enum"][0]
    kinds = types_of(schema)
    if "string" in kinds:
        return {"uuid": str(uuid.uuid4()), "date-time": "2024-05-01T10:00:00.000Z", "mac": "02:00:00:00:00:01", "email": "a@example.org",
                "address": "127.0.0.1:9"}.get(schema.get("format"), "x" * max(1, schema.get("minLength", 1)))
    if "integer" in kinds or "number" in kinds:
        return schema.get("minimum", 1)
    return {"boolean": True, "array": [], "object": {}}.get(kinds[0] if kinds else None, 1)


def right_body(schema):
    """The smallest body that SCHEMA takes."""
    return {name: right_value(schema["properties"][name]) for name in schema.get("required", [])}


def wrong_values(schema):
    """(what is wrong, value) for everything that SCHEMA excludes."""
    kinds = types_of(schema)
    if not kinds and "enum" not in schema:
        return
    samples = {"string": "text", "integer": 7, "number": 1.5, "boolean": True, "array": [1], "object": {"a": 1}, "null": None}
    for kind, value in samples.items():
        if kind not in kinds and not (kind == "integer" and "number" in kinds):
            yield f"{kind} instead of {'/'.join(kinds)}", value
    if "string" in kinds:
        if "maxLength" in schema:
            yield "too long", "x" * (schema["maxLength"] + 1)
            yield "too long in characters of four bytes", "\U0001F600" * (schema["maxLength"] + 1)
        if schema.get("minLength", 0) > 0:
            yield "empty", ""
        if "enum" in schema:
            yield "unknown word", "no_such_word"
            yield "word in capitals", schema["enum"][0].upper()
        if schema.get("format") in ("uuid", "date-time", "mac", "email", "secret", "timezone", "address"):
            yield f"no {schema['format']}", "!? nothing"
    if "integer" in kinds or "number" in kinds:
        for name, step in (("minimum", -1), ("maximum", 1)):
            if name in schema:
                yield f"beyond the {name}", schema[name] + step
    if "integer" in kinds:
        yield "beyond 64 bits", 10 ** 30


def wrong_texts(schema):
    """(what is wrong, text) of a query parameter."""
    kinds = types_of(schema)
    if "integer" in kinds or "number" in kinds:
        yield "no number", "abc"
        if "null" not in kinds:
            yield "empty", ""
        yield "beyond 64 bits", "9" * 30
        for name, step in (("minimum", -1), ("maximum", 1)):
            if name in schema:
                yield f"beyond the {name}", str(schema[name] + step)
    elif "boolean" in kinds:
        yield "no boolean", "perhaps"
    elif schema.get("format") == "date-time":
        yield "no time", "yesterday"
    elif "enum" in schema:
        yield "unknown word", "no_such_word"
    elif schema.get("format") == "uuid":
        yield "no identifier", "xyz"
