"""What all verbs are made with: where somebody stands, what can be done there, what is asked and typed."""
