"""The JSON schema of scenario files: editors complete and check keys with it. Made from the settings."""

from typing import Any

from sim.mechanisms import all_mechanisms
from sim.scenario import Model


def scenario_schema() -> dict[str, Any]:
    """Every key a scenario may have, with text, unit by its name, range, source and reader."""
    schema = Model.model_json_schema()
    definitions = schema.setdefault("$defs", {})
    known: dict[str, Any] = {}
    for name, kind in sorted(all_mechanisms().items()):
        own = kind.model_json_schema()
        definitions.update(own.pop("$defs", {}))
        definitions[kind.__name__] = own
        known[name] = {"$ref": f"#/$defs/{kind.__name__}"}
    schema["properties"]["mechanisms"] = {
        "type": "object",
        "properties": known,
        "additionalProperties": False,
        "description": "Settings of mechanisms; a mechanism not named here has its own defaults.",
    }
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Scenario"
    return schema
