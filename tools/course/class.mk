# The course, for lecturers: a class, and what students get.

check-exercise-%: course-tools
	@tools/need patch:patch
	@tools/course/check-exercise $(call option,--kernel,KERNEL) $*

.PHONY: grade-class similar-class course-dist
grade-class: course-tools ## grade the submissions of a class (SUBMISSIONS=DIR)
	@tools/need bubblewrap:bwrap
	@tools/course/grade-class $(call option,--out,OUT) $(call option,--jobs,JOBS) \
		$(call option,--exercise,NN) $(GRADE_OPTIONS) -- $(if $(value SUBMISSIONS),$(call quoted,SUBMISSIONS),$(error say SUBMISSIONS=DIR, a directory for each student in it))

similar-class: course-tools ## list similar submissions of a class, side by side (SUBMISSIONS=DIR)
	@tools/need bubblewrap:bwrap similarity-tester:sim_c
	@tools/course/similar-class $(call option,--out,OUT) $(call option,--exercise,NN) $(call option,--least,LEAST) \
		-- $(if $(value SUBMISSIONS),$(call quoted,SUBMISSIONS),$(error say SUBMISSIONS=DIR, a directory for each student in it))

course-dist: ## the tree for students, without solutions: build/course-dist
	@tools/course/dist build/course-dist

# Times a changed file's way to the verdict, next to a boot that does nothing.
.PHONY: bench-grade
bench-grade: course-tools build/tests/nothing ## time from a changed file to the verdict, beside a bare boot
	$(Q)tools/need hyperfine:hyperfine
	$(Q)mkdir -p $(COURSE)/bench && cp exercises/04-vcpu/solution/* $(COURSE)/bench
	$(Q)hyperfine --warmup 1 --runs $(or $(RUNS),10) \
		--prepare 'echo "/* $$(date +%N) */" | tee -a $(COURSE)/bench/change.c >> $(COURSE)/bench/build.c' \
		-n 'bare boot' '$(LAB) run build/tests/nothing' \
		-n 'one changed program' 'tools/course/grade --trusted --task change --submission $(COURSE)/bench 04' \
		-n 'two changed programs' 'tools/course/grade --trusted --submission $(COURSE)/bench 04'
