"""The table of contents of `grade --help`: who needs which command, and what for, in a line each."""

SECTIONS = {
    "Build and learn": {
        "list": "The exercises, what each teaches, and your last result.",
        "show": "The brief, the picture of what to build, what it gives you.",
        "start": "Copy what an exercise gives you to begin with.",
        "run": "Grade what is on the engine (the same as: grade EXERCISE).",
        "watch": "Grade again and again while you build.",
        "hint": "The next hint for a check, or for the dearest fault.",
        "explain": "What a check saw, the idea behind it, how to see it by hand.",
        "reset": "Remove what you built for an exercise; it asks first.",
        "snapshot": "Save what the engine shows, to be handed in.",
    },
    "Grade a class": {
        "batch": "Grade the hosts of a roster, or the files handed in.",
        "regrade": "Judge saved evidence again, of one learner or a class.",
        "grades": "Write grades.csv and the page about the class anew.",
        "override": "Give a learner the points for a check by hand.",
        "history": "All that happened to a learner's grades.",
    },
    "Make a course": {
        "new": "Begin an exercise of your own.",
        "checks": "The kinds of check that a rubric may use.",
        "schema": "The JSON Schema of rubrics, of the JSON report or of evidence.",
        "verify": "Prove that a rubric holds, on right builds and on wrong ones.",
        "ci": "Check a whole course.",
        "package": "Make an archive for Gradescope, learners or an exam room.",
    },
    "Set up": {
        "doctor": "Look at the set-up, and say what mends it.",
        "clean": "Remove what killed grades have left on the engine.",
        "completion": "Print the script that lets a shell complete words.",
    },
}
"""Commands by section, each with what it does; COMMAND --help tells all of it."""
