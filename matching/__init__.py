"""From a case to candidates with reasons, and from what finds none to evidence of gaps."""
