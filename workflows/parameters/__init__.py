"""The figures the rules rest on (参数): where each comes from, where it takes effect, who has confirmed it."""
