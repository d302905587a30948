# The course: exercises and the grader.

COURSE := build/course
CONFINE := $(COURSE)/confine
EXERCISES := $(patsubst exercises/%/exercise.toml,%,$(wildcard exercises/*/exercise.toml))

# The grader's part inside the lab's machine.
$(CONFINE): tools/course/confine.c tools/course/calls.c tools/course/confine.h
	$(call say,CC $@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LAB_CC) -std=gnu11 -O2 -Wall -Wextra -o $@ $(filter %.c,$^) -lseccomp

.PHONY: course-tools
course-tools: $(CONFINE) $(KVT) $(KVT_ARM64) build/lab/init build/lab/labrun
	$(Q)tools/need python3:/usr/bin/python3

GRADE_OPTIONS = $(call option,--kernel,KERNEL) $(call option,--timeout,TIMEOUT)

# grade-NN for each exercise.  Missing points (status 1) are no failure of
# make's.
define exercise_targets
.PHONY: grade-$(2) hint-$(2) watch-$(2)
grade-$(2): course-tools
	@tools/course/grade $$(call option,--task,TASK) $$(call option,--submission,SUBMISSION) $(if $(TRUSTED),--trusted) \
		$$(GRADE_OPTIONS) $(if $(TAP),--tap) $(if $(JSON),--json) $(if $(AGAIN),--again) $(1) || [ $$$$? = 1 ]
hint-$(2):
	@tools/need python3:/usr/bin/python3
	@tools/course/hint $$(call option,--task,TASK) $(1) || [ $$$$? = 1 ]
watch-$(2): course-tools
	@tools/need entr:entr
	@ls exercises/$(1)/*.c exercises/$(1)/*.txt exercises/$(1)/*.S 2> /dev/null | \
		entr -rcn tools/course/grade $$(call option,--task,TASK) $$(GRADE_OPTIONS) $(1)
endef
$(foreach e,$(EXERCISES),$(eval $(call exercise_targets,$(e),$(firstword $(subst -, ,$(e))))))

grade-% hint-% watch-%:
	@echo "there is no exercise $*; NN is one of:$(foreach e,$(EXERCISES), $(firstword $(subst -, ,$(e))))" >&2
	@exit 2

# The students' tree lacks what is for lecturers.
-include tools/course/class.mk

.PHONY: progress grade hand-in doctor
progress: ## which exercises are solved, and what to do next
	@tools/need python3:/usr/bin/python3
	@tools/course/progress

grade: course-tools ## grade all exercises; fails until all points are there
	@failed=0; for each in $(EXERCISES); do \
		tools/course/grade $(GRADE_OPTIONS) $(if $(TAP),--tap) $$each || failed=1; echo; \
	done; tools/course/progress; exit $$failed

hand-in: ## what you have done, for your lecturer: hand-in.tar.gz
	@tar -czf hand-in.tar.gz -C exercises --exclude=solution --exclude=wrong --exclude='predict.*' \
		$(foreach e,$(EXERCISES),$(patsubst exercises/%,%,$(wildcard $(addprefix exercises/$(e)/,*.c *.S answers.txt))))
	@echo hand-in.tar.gz

doctor: ## what is missing on this machine, and what to type
	@tools/doctor
