// SPDX-License-Identifier: MIT
/*
 * Everything happens in a tracing instance of its own, so that other users
 * of the tracer are not disturbed.  Only the options of shared.c can be common
 * to all.  A recorder can be killed with SIGKILL, so the values that they had
 * are part of the instance's name, where the next recorder finds them:
 * kvt-PID-VALUES, and kvt-PID-VALUES-sites for the second instance.
 *
 * One recorder at a time makes or removes instances: it holds a lock on the
 * folder of all instances meanwhile.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/file.h>
#include <tracefs.h>

#include "base/die.h"
#include "base/memory.h"
#include "record/instances.h"
#include "record/probes.h"
#include "record/recorder.h"
#include "record/shared.h"

static struct recorder *active;	/* the one to remove at exit */
static int all_instances = -1;	/* the folder of all, locked, or -1 */

static void lock_all(void)
{
	char *path = tracefs_get_tracing_file("instances");

	if (all_instances < 0 && path)
		all_instances = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tracefs_put_tracing_file(path);
	if (all_instances < 0)
		die(KVT_FAILED, "cannot make a tracing instance: %s\n"
		    "Is this root, with tracefs mounted on"
		    " /sys/kernel/tracing?", strerror(errno));
	while (flock(all_instances, LOCK_EX) && errno == EINTR)
		;
}

static void unlock_all(void)
{
	close(all_instances);
	all_instances = -1;
}

/* Locks the folder of an instance; -1: another process has the lock. */
static int lock_one(const char *name)
{
	int fd = openat(all_instances, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Does NAME belong to a recorder's instance?  Sets its process and values. */
static bool parse_name(const char *name, long *pid, struct shared_values *v)
{
	return sscanf(name, "kvt-%ld-%4[01-]", pid, v->value) == 2 &&
	       strlen(v->value) == SHARED_OPTIONS;
}

/* Calls EACH for every recorder's instance, until it returns true. */
static bool each_instance(bool (*each)(void *data, const char *name, long pid,
				       const struct shared_values *v),
			  void *data)
{
	int copy = openat(all_instances, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *d;
	bool found = false;

	while (dir && !found && (d = readdir(dir))) {
		struct shared_values v;
		long pid;

		if (parse_name(d->d_name, &pid, &v))
			found = each(data, d->d_name, pid, &v);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Stops at the first live instance of another recorder, and takes its
 * values. */
static bool is_another(void *data, const char *name, long pid,
		       const struct shared_values *v)
{
	int fd;

	if (pid == getpid())
		return false;
	fd = lock_one(name);
	if (fd >= 0) {
		close(fd);
		return false;
	}
	if (data)
		*(struct shared_values *)data = *v;
	return true;
}

/* Stops at an instance of that recorder. */
static bool is_recorders(void *data, const char *name, long pid,
		  const struct shared_values *v)
{
	(void)name;
	(void)v;
	return pid == *(long *)data;
}

/* After clean_stale(), only recorders that live have instances. */
static bool recorder_lives(long pid)
{
	return each_instance(is_recorders, &pid);
}

static void destroy_stale(const char *name)
{
	struct tracefs_instance *old = tracefs_instance_create(name);

	if (!old)
		return;
	tracefs_trace_off(old);
	tracefs_instance_file_write(old, "current_tracer", "nop");
	if (tracefs_instance_destroy(old) == 0)
		warn("removed the instance %s of a recorder that was killed",
		     name);
	tracefs_instance_free(old);
}

/* Where another recorder runs, it needs the options as they are, and puts
 * the same old values back when it ends. */
static bool clean_one(void *data, const char *name, long pid,
		      const struct shared_values *v)
{
	int fd = lock_one(name);

	(void)data;
	(void)pid;
	if (fd < 0)
		return false;
	close(fd);
	if (!each_instance(is_another, NULL))
		shared_write(v);
	destroy_stale(name);
	return false;
}

static void clean_stale(void)
{
	each_instance(clean_one, NULL);
	probes_clean_stale(recorder_lives);
}

static void create_one(struct recorder *r, const struct shared_values *v,
		       const char *suffix)
{
	char *name = xasprintf("kvt-%d-%s%s", getpid(), v->value, suffix);

	r->instance = tracefs_instance_create(name);
	if (!r->instance)
		die(KVT_FAILED, "cannot make a tracing instance: %s",
		    strerror(errno));
	r->lock = lock_one(name);
	if (r->lock < 0)
		die(KVT_FAILED, "cannot lock the tracing instance %s: %s",
		    name, strerror(errno));
	free(name);
}

static void remove_active(void)
{
	if (active)
		instances_remove(active);
}

void instances_create(struct recorder *r)
{
	struct shared_values v;

	lock_all();
	clean_stale();
	/* Another recorder has changed them already. */
	if (!each_instance(is_another, &v))
		v = shared_read(NULL);
	active = r;
	atexit(remove_active);
	create_one(r, &v, "");
	if (r->sites)
		create_one(r->sites, &v, "-sites");
	probes_create(r);
	unlock_all();
}

static void stop_tracing(struct recorder *r)
{
	for (int i = 0; i < r->cpus; i++)
		close(r->fd[i]);
	r->cpus = 0;
	tracefs_trace_off(r->instance);
	tracefs_instance_file_write(r->instance, "current_tracer", "nop");
}

static void remove_one(struct recorder *r)
{
	if (tracefs_instance_destroy(r->instance))
		warn("cannot remove the tracing instance %s: %s",
		     tracefs_instance_get_name(r->instance), strerror(errno));
	tracefs_instance_free(r->instance);
	r->instance = NULL;
	if (r->lock > 0)
		close(r->lock);
}

void instances_remove(struct recorder *r)
{
	struct shared_values v;
	long pid;

	active = NULL;
	if (!r->instance)
		return;
	lock_all();
	if (r->sites && r->sites->instance) {
		stop_tracing(r->sites);
		remove_one(r->sites);
	}
	/* Restore the options only while the tracer is off. */
	stop_tracing(r);
	if (parse_name(tracefs_instance_get_name(r->instance), &pid, &v) &&
	    !each_instance(is_another, NULL))
		shared_write(&v);
	remove_one(r);
	probes_destroy(r);
	unlock_all();
}
