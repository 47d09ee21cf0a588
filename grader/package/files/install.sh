#!/bin/sh
# Installs grade and loads the images. Nothing is fetched: all of it is beside this file.
#   sh install.sh [FOLDER]      by default ~/grade; PYTHON=python3.12 chooses another Python
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-$HOME/grade}
python=${PYTHON:-python3}

"$python" -m venv --without-pip "$target"
"$target/bin/python" "$(echo "$here"/wheels/pip-*.whl)/pip" install --quiet --no-index --find-links "$here/wheels" \
  grade-docker-labs
docker load --quiet --input "$here/images.tar"
# What has wheels for pip with it takes the place of the image that learners build on: docker pull brings back the other.
while read -r ours name; do
  docker tag "$ours" "$name"
  docker rmi "$ours" >/dev/null
done <"$here/tags"

cat <<END
All is there. To begin:
  export PATH="$target/bin:\$PATH" GRADE_COURSE="$here/course"
  grade start EXERCISE
  grade EXERCISE
END
