#!/usr/bin/env bash
# Gradescope runs this once, when it builds the autograder's image. It takes a Python for which there are wheels: the
# newest that is there, or else the newest that apt-get has.
set -euo pipefail
here=/autograder/source

mapfile -t versions < <(
  find "$here/wheels" -name 'pydantic_core-*.whl' | sed -nE 's/.*-cp3([0-9]+)-cp3.*/3.\1/p' | sort -urV
)
python=
for version in "${versions[@]}"; do
  if command -v "python$version" >/dev/null; then
    python=python$version
    break
  fi
done
if [ -z "$python" ]; then
  apt-get update -qq
  for version in "${versions[@]}"; do
    if apt-get install -y -qq --no-install-recommends "python$version" && command -v "python$version" >/dev/null; then
      python=python$version
      break
    fi
  done
fi
if [ -z "$python" ]; then
  echo "There are wheels for Python ${versions[*]}, and this image has none of them, nor has its apt-get." >&2
  echo "Choose a newer base image in Gradescope, or another Python: grade package gradescope --python 3.11" >&2
  exit 1
fi

"$python" "$(echo "$here"/wheels/pip-*.whl)/pip" install --quiet --no-index --find-links "$here/wheels" \
  --target /autograder/grade grade-docker-labs
echo "$python" >/autograder/grade/python
