"""Which names the expressions of a decision or function may use.

FEEL reads ``Person.Gender`` as one name where a parameter is called so, and as a path elsewhere; so each
decision is compiled with the names of its own requirements.
"""

from __future__ import annotations

from engine.decisions import definitions as d
from engine.decisions.types import TypeTable
from engine.feel.types import ANY, FUNCTION, FeelType


def visible_variables(
    definitions: d.Definitions, requirements: d.Requirements, boxed: d.Boxed | None, types: TypeTable
) -> dict[str, FeelType]:
    """The variables an expression sees, with their types: what is required, and what is declared inside."""
    variables = dict.fromkeys(_names_in(boxed) | {item.name for item in definitions.imports}, ANY)
    required: list[d.InputData | d.Decision | None] = [
        definitions.inputs.get(reference) for reference in requirements.inputs
    ]
    required += [definitions.decisions.get(reference) for reference in requirements.decisions]
    for item in required:
        if item is not None:
            variables[item.variable] = types.of(item.type_ref) or ANY
    for reference in requirements.knowledge:
        function = definitions.knowledge.get(reference) or definitions.services.get(reference)
        if function is not None:
            variables[function.name] = FUNCTION
    variables.pop("", None)
    return variables


def field_names(definitions: d.Definitions) -> set[str]:
    """The names of all fields of a model's types."""
    return set[str]().union(*map(_component_names, definitions.types.values()))


def _component_names(item: d.ItemDefinition) -> set[str]:
    return {component.name for component in item.components}.union(*map(_component_names, item.components))


def _names_in(boxed: d.Boxed | None) -> set[str]:
    match boxed:
        case d.ContextExpression(entries=entries):
            own = {variable.name for variable, _ in entries if variable is not None}
            return own.union(*(_names_in(value) for _, value in entries))
        case d.FunctionExpression(parameters=parameters, body=body):
            return {parameter.name for parameter in parameters} | _names_in(body)
        case d.RelationExpression(columns=columns, rows=rows):
            return set(columns).union(*(_names_in(cell) for row in rows for cell in row))
        case d.ListExpression(items=items):
            return set[str]().union(*map(_names_in, items))
        case d.InvocationExpression(function=function, bindings=bindings):
            return _names_in(function).union(*(_names_in(value) for _, value in bindings))
        case d.ConditionalExpression(condition=condition, then=then, otherwise=otherwise):
            return _names_in(condition) | _names_in(then) | _names_in(otherwise)
        case d.FilterExpression(source=source, match=condition):
            return _names_in(source) | _names_in(condition)
        case d.IterationExpression(variable=variable, source=source, body=body):
            return {variable} | _names_in(source) | _names_in(body)
        case d.DecisionTable(outputs=outputs):
            return {output.name for output in outputs}
    return set()
