#!/usr/bin/env python3
"""Feed payloads against their JSON Schemas, by the jsonschema package:

    payload_oracle.py SCHEMAS PAYLOADS

Both files hold a JSON document a line: the schemas, one an entity, and the payloads. Every schema must itself be valid,
every payload valid by the schema of its entity, and no longer so once something of it is spoilt. Ends with 77 where the
package is missing."""
import json
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)


def spoilt(payload):
    """The payload with one thing wrong, several times."""
    for name in ("event_id", "record", "at"):
        yield {key: value for key, value in payload.items() if key != name}
    yield payload | {"extra": 1}
    yield payload | {"event_type": "nothing.happened"}
    yield payload | {"record": payload["record"] | {"no_such_field": "1"}}
    yield payload | {"record": payload["record"] | {"id": 1}}
    yield payload | {"changed": ["no_such_field"]}


def main():
    validators = {}
    for line in open(sys.argv[1], encoding="utf-8"):
        schema = json.loads(line)
        jsonschema.Draft202012Validator.check_schema(schema)
        entity = schema["properties"]["entity"]["const"]
        validators[entity] = jsonschema.Draft202012Validator(schema)
    payloads = 0
    for line in open(sys.argv[2], encoding="utf-8"):
        payload = json.loads(line)
        validator = validators[payload["entity"]]
        for error in validator.iter_errors(payload):
            sys.exit(f"{payload['event_type']}: {error.message}")
        for wrong in spoilt(payload):
            if validator.is_valid(wrong):
                sys.exit(f"{payload['event_type']}: a spoilt payload is taken for valid")
        payloads += 1
    print(payloads)


main()
