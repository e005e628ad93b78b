/* What the program tells about itself, for tests that compare it with the other side. */
#include <stdio.h>
#include <sys/mount.h>

#include "kernel.h"
#include "shim.h"

void print_ops(void)
{
	for (int i = 0; i < OP_CODES; i++) {
		const struct op_kind *kind = &op_kinds[i];

		if (!kind->name)
			continue;
		printf("%d %s %s%s%s %d ", i, kind->name, kind->stages & STAGE_SHIM ? "shim" : "",
		       kind->stages == (STAGE_SHIM | STAGE_CHILD) ? "," : "",
		       kind->stages & STAGE_CHILD ? "child" : "", kind->numbers);
		if (kind->strings == ANY)
			puts("*");
		else
			printf("%d\n", kind->strings);
	}
}

/* NAME VALUE in a line each. */
void print_abi(void)
{
#define PRINT(name) printf("%s %lld\n", #name, (long long)(name))
	PRINT(FRAME_HEADER);
	PRINT(FRAME_LIMIT);
	PRINT(FRAME_LIMIT_LONG);
	PRINT(PLAN_VERSION);
	PRINT(PLAN_OPS);
	PRINT(EXIT_RECORD);
	PRINT(LOG_PART);
	PRINT(CONNECTIONS);
	PRINT(CREDIT_WINDOW);
	PRINT(CLONE_NEWNS);
	PRINT(CLONE_NEWCGROUP);
	PRINT(CLONE_NEWUTS);
	PRINT(CLONE_NEWIPC);
	PRINT(CLONE_NEWUSER);
	PRINT(CLONE_NEWPID);
	PRINT(CLONE_NEWNET);
	PRINT(MS_RDONLY);
	PRINT(MS_NOSUID);
	PRINT(MS_NODEV);
	PRINT(MS_NOEXEC);
	PRINT(MS_REMOUNT);
	PRINT(MS_BIND);
	PRINT(MS_REC);
	PRINT(MS_PRIVATE);
	PRINT(MS_SLAVE);
	PRINT(MS_SHARED);
	PRINT(MS_STRICTATIME);
	printf("MOUNT_ATTR_RDONLY %d\n", KERNEL_MOUNT_ATTR_RDONLY);
	printf("MOUNT_ATTR_NOSUID %d\n", KERNEL_MOUNT_ATTR_NOSUID);
	printf("MOUNT_ATTR_NODEV %d\n", KERNEL_MOUNT_ATTR_NODEV);
	printf("MOUNT_ATTR_NOEXEC %d\n", KERNEL_MOUNT_ATTR_NOEXEC);
	printf("MOUNT_ATTR_IDMAP %d\n", KERNEL_MOUNT_ATTR_IDMAP);
}
