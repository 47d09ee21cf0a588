"""What a learner meets: exercises, briefs, starters, results, completion, and taking it all down."""
