#!/bin/bash
# The students' tree: it works, and lacks what students must not have.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 17

capture make -s course-dist
is "$status" 0 "the students' tree is made"
[[ $status == 0 ]] || bail "$err"
tree=build/course-dist/kvm-course

is "$(find $tree \( -name solution -o -name wrong -o -name tests -o -name '*-class' -o -name 'grade-class*' -o -name .git \) -print)" "" \
	"no solutions, no tests, nothing for a class"
# Not under another name either: no file has the text of a solution, but for
# what a solution leaves as it was.
copies=$(find exercises/*/solution exercises/*/wrong -type f -exec sha256sum {} + | cut -d' ' -f1 |
	grep -vFf <(find exercises -maxdepth 2 -type f -exec sha256sum {} + | cut -d' ' -f1) | grep -Ff - <(find $tree -type f -exec sha256sum {} +) || true)
is "$copies" "" "no file is a solution"
for exercise in exercises/*/; do
	name=$(basename "$exercise")
	for file in README.md exercise.toml hints.md answers.txt change.c build.c; do
		[[ -e $tree/exercises/$name/$file ]] || missing+="$name/$file "
	done
done
is "${missing-}" "" "every exercise is whole"
like "$(head -n 1 $tree/README.md)" "the course" "its README is the students' own"
is "$(tar -tzf build/course-dist/kvm-course.tar.gz | grep -c solution/)" 0 "nor has the archive solutions"
for file in .github/workflows/grade.yml .gitlab-ci.yml; do
	like "$(cat $tree/$file)" "make grade" "$file grades"
done

mkdir "$tmp/student"
tar -C "$tmp/student" -xzf build/course-dist/kvm-course.tar.gz
cd "$tmp/student/kvm-course" || exit
capture make help
like "$out" "grade-NN .*hint-NN" "the same commands are there"
unlike "$out" "grade-class|course-dist  |check-kernel" "... but for those of a lecturer"
# The tools, built before, would be built again here.
mkdir build
cp -r "$OLDPWD/build/kvt" "$OLDPWD/build/lab" build
capture make -s grade-04 TASK=change
is "$status" 0 "an exercise is graded"
like "$out" "change.c: 0 of 6 points" "... with the points of the start"
echo '/* and more */' >>exercises/04-vcpu/predict.c
capture make -s grade-04 TASK=predict
like "$out" "04-vcpu/predict.c is not as it was handed out" "a program that is given and was changed"
git -C "$OLDPWD" show HEAD:exercises/04-vcpu/predict.c >exercises/04-vcpu/predict.c
capture make -s grade-04 TASK=predict
unlike "$out" "as it was handed out" "... and put back"
capture make -s progress
like "$out" "change 0/6" "progress tells"
capture make -s hint-04 TASK=change
like "$out" "hint 1 of" "a hint opens"
capture make -s hand-in
like "$(tar -tzf hand-in.tar.gz | sort | tr '\n' ' ')" "04-vcpu/answers.txt 04-vcpu/build.c 04-vcpu/change.c " "what is handed in"
