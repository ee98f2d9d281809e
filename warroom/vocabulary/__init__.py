"""The words of the domain: enumerations and plain frozen values. Imports nothing heavy."""
