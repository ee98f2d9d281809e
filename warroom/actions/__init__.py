"""The only writers: every change is one function here, in one transaction, told by one entry of the journal."""
