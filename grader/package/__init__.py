"""What is handed out: an autograder for Gradescope, a course for learners, and an exam for a room without internet."""
