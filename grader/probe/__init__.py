"""The probe: one static C program that looks at a network sandbox from inside, and what it speaks."""
