"""The process runtime: BPMN, DMN, FEEL, forms, timers, messages and history."""
