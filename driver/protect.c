/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/protect.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "lib/fmt.h"

#ifndef PR_SET_IO_FLUSHER
#define PR_SET_IO_FLUSHER 57            /* Linux 5.6; older headers do not have it */
#endif

static bool copy_self(const char *path)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to   = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	struct stat about;
	bool good = from >= 0 && to >= 0 && fstat(from, &about) == 0;

	for (off_t at = 0; good && at < about.st_size;)
		good = sendfile(to, from, &at, (size_t)(about.st_size - at)) > 0;
	if (from >= 0)
		close(from);
	if (to >= 0)
		good = close(to) == 0 && good;
	return good;
}

/* The mount point that holds the folder: the shortest leading part of the path on the same file system. */
static void find_mount(const char *folder, char *mount, size_t size)
{
	struct stat here, there;
	size_t len = 1;

	fmt_text(mount, size, "%s", folder);
	if (stat(folder, &here) < 0)
		return;
	for (; folder[len]; len++) {
		if (folder[len] != '/')
			continue;
		fmt_text(mount, min_size(size, len + 1), "%s", folder);
		if (stat(mount, &there) == 0 && there.st_dev == here.st_dev)
			return;
	}
	fmt_text(mount, size, "%s", folder);
}

void protect_move_home(struct kmsg *k, const char *home, char *const *words)
{
	char path[256], mount_point[256];
	static char name[] = "@rill-attach";
	char *again[32] = { name };
	size_t count = 1;
	struct statvfs about;
	bool noexec;

	fmt_text(path, sizeof path, "%s/rill-attach", home);
	for (size_t i = 1; words[i] && count < COUNT_OF(again) - 1; i++) {
		if (!strcmp(words[i], "--home") && words[i + 1]) {
			i++;
			continue;
		}
		again[count++] = words[i];
	}
	/* The old copy may be running: its file must stay, so it gets another name's inode. */
	unlink(path);
	if (!copy_self(path)) {
		kmsg_error(k, path);
		return;
	}
	/* Debian mounts /run noexec. That is asked only when a program starts, so it need not stay off. */
	find_mount(home, mount_point, sizeof mount_point);
	noexec = statvfs(home, &about) == 0 && about.f_flag & ST_NOEXEC;
	if (noexec && mount(NULL, mount_point, NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV, NULL) < 0)
		kmsg_error(k, "allow programs on the mount of --home");
	if (noexec)
		setenv("RILL_NOEXEC", mount_point, 1);
	execv(path, again);
	kmsg_error(k, path);
}

static void take_back_exec(struct kmsg *k)
{
	const char *mount_point = getenv("RILL_NOEXEC");

	if (!mount_point)
		return;
	if (mount(NULL, mount_point, NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		kmsg_error(k, "forbid programs again on the mount of --home");
	unsetenv("RILL_NOEXEC");
}

static void ignore_signals(void)
{
	static const int signals[] = {
		SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM,
		SIGTSTP, SIGCHLD,
	};

	for (size_t i = 0; i < COUNT_OF(signals); i++)
		signal(signals[i], SIG_IGN);
}

static bool write_file(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	bool good = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);

	if (file >= 0)
		close(file);
	return good;
}

void protect_all(struct kmsg *k, char *name)
{
	take_back_exec(k);
	ignore_signals();
	if (mlockall(MCL_CURRENT | MCL_FUTURE) < 0)
		kmsg_error(k, "lock all pages in memory");
	if (!write_file("/proc/self/oom_score_adj", "-1000"))
		kmsg_error(k, "be spared by the OOM killer");
	if (prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 0) < 0)
		kmsg_error(k, "PR_SET_IO_FLUSHER");
	/* systemd's last killing spree passes over root's processes whose first word begins with this. */
	if (name && name[0])
		name[0] = '@';
	umask(022);
	if (chdir("/") < 0)
		kmsg_error(k, "chdir /");
}
