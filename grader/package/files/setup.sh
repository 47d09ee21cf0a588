#!/usr/bin/env bash
# Gradescope runs this once, when it builds the autograder's image.
set -euo pipefail
here=/autograder/source

python=
for version in 3.13 3.12 3.11; do
  if command -v "python$version" >/dev/null && compgen -G "$here/wheels/*-cp${version/./}-*" >/dev/null; then
    python=python$version
    break
  fi
done
if [ -z "$python" ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends python3.11
  python=python3.11
fi

"$python" "$(echo "$here"/wheels/pip-*.whl)/pip" install --quiet --no-index --find-links "$here/wheels" \
  --target /autograder/grade grade-docker-labs
echo "$python" >/autograder/grade/python
