/*
 * What the queues of chapter 30 do with what no honest driver writes.  There
 * is no KVM here: we are the guest, the exits and the doorbell.  Around the
 * guest's memory there are 8 GiB that nobody may touch, and a sanitizer traps
 * what C does not define.
 *
 * Prints a line for each case, and then what became of random ones.
 */
#define _GNU_SOURCE
#include "console.h"
#include "disk.h"

enum { SECTORS = 16, ROUNDS = 20000 };
static const uint64_t GUARD = 1ULL << 33;

/* Where the parts of each queue are, in the guest's memory. */
enum {
	DESC = 0x1000, AVAIL = 0x2000, USED = 0x3000,
	HEAD = 0x4000, DATA = 0x5000, STATUS = 0x7000
};

static void make_memory(void)
{
	char *all;

	ram_size = MIB;
	all = mmap(NULL, 2 * GUARD + ram_size, PROT_NONE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	must(all == MAP_FAILED ? -1 : 0, "No room for addresses.");
	ram = all + GUARD;
	must(mprotect(ram, ram_size, PROT_READ | PROT_WRITE), "No memory.");
}

static void make_devices(void)
{
	bell = make_eventfd();
	disk = must(memfd_create("disk", 0), "No memory.");
	must(ftruncate(disk, SECTORS * SECTOR), "No memory.");
	disk_config.capacity = SECTORS;
	virtio[0] = (struct virtio) { .id = VIRTIO_ID_CONSOLE, .serve = serve_console };
	virtio[1] = (struct virtio) { .id = VIRTIO_ID_BLOCK, .serve = serve_disk,
		.config = &disk_config, .config_size = sizeof(disk_config) };
	for (int i = 0; i < 2; i++) {
		virtio[i].features |= 1ULL << VIRTIO_F_VERSION_1;
		virtio[i].line = make_eventfd();
	}
}

static int device = 1, queue;

static void store(uint64_t offset, uint64_t value)
{
	virtio_write(device * VIRTIO_SIZE + offset, value);
}

static void store_address(uint64_t offset, uint64_t address)
{
	store(offset, (uint32_t)address);
	store(offset + 4, address >> 32);
}

static struct vring_desc *desc(void) { return (void *)(ram + DESC); }
static uint16_t *avail(void) { return (void *)(ram + AVAIL); }

static uint32_t size = 8;
static uint64_t desc_at, avail_at, used_at;

/* A queue as it should be, with nothing in it; a case then spoils it. */
static void begin(void)
{
	store(VIRTIO_MMIO_STATUS, 0);
	memset(ram, 0, 0x10000);
	ram[STATUS] = 77;
	size = 8;
	desc_at = MEMORY_AT + DESC;
	avail_at = MEMORY_AT + AVAIL;
	used_at = MEMORY_AT + USED;
}

static void describe(int i, uint64_t address, uint32_t length, uint16_t flags, uint16_t next)
{
	desc()[i] = (struct vring_desc) { address, length, flags, next };
}

enum { NEXT = VRING_DESC_F_NEXT, WRITE = VRING_DESC_F_WRITE };

/* A good request to the disk. */
static void ask_disk(uint32_t type, uint64_t sector, uint32_t length)
{
	struct virtio_blk_outhdr head = { .type = type, .sector = sector };

	begin();
	memcpy(ram + HEAD, &head, sizeof(head));
	describe(0, MEMORY_AT + HEAD, sizeof(head), NEXT, 1);
	describe(1, MEMORY_AT + DATA, length, NEXT | (type == VIRTIO_BLK_T_IN ? WRITE : 0), 2);
	describe(2, MEMORY_AT + STATUS, 1, WRITE, 0);
	avail()[1] = 1;
}

/* Starts the queue and the device, and answers once. */
static void go(void)
{
	store(VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
	store(VIRTIO_MMIO_DRIVER_FEATURES, 1);
	store(VIRTIO_MMIO_QUEUE_SEL, queue);
	store(VIRTIO_MMIO_QUEUE_NUM, size);
	store_address(VIRTIO_MMIO_QUEUE_DESC_LOW, desc_at);
	store_address(VIRTIO_MMIO_QUEUE_AVAIL_LOW, avail_at);
	store_address(VIRTIO_MMIO_QUEUE_USED_LOW, used_at);
	store(VIRTIO_MMIO_QUEUE_READY, 1);
	store(VIRTIO_MMIO_STATUS, 15);
	serve_virtio();
}

static bool is_broken(void)
{
	return virtio_read(device * VIRTIO_SIZE + VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_NEEDS_RESET;
}

static void try(const char *name)
{
	go();
	fprintf(stderr, "%s: %s", name, is_broken() ? "broken" : "served");
	if (!is_broken())
		fprintf(stderr, " %u, status %d", ((uint16_t *)(ram + USED))[1], ram[STATUS]);
	fputc('\n', stderr);
}

#define SPOILED(name, statement) \
	do { ask_disk(VIRTIO_BLK_T_IN, 0, 512); statement; try(name); } while (0)

static void try_queues(void)
{
	uint64_t end = MEMORY_AT + ram_size;

	SPOILED("good", (void)0);
	SPOILED("idx too far", avail()[1] = 9);
	SPOILED("idx back", avail()[1] = 65535);
	SPOILED("head", avail()[2] = 8);
	SPOILED("head 65535", avail()[2] = 65535);
	SPOILED("next", desc()[0].next = 8);
	SPOILED("loop", desc()[1].next = 1);
	SPOILED("below memory", desc()[1].addr = MEMORY_AT - 1);
	SPOILED("above memory", desc()[1].addr = end - 511);
	SPOILED("address 0", desc()[1].addr = 0);
	SPOILED("address -1", desc()[1].addr = -1ULL);
	SPOILED("length 2^32 - 1", desc()[1].len = -1U);
	SPOILED("length to the end and one", desc()[1].len = ram_size - DATA + 1);
	SPOILED("indirect", desc()[1].flags |= VRING_DESC_F_INDIRECT);
	SPOILED("read after write", desc()[2].flags = 0);
	SPOILED("no status", desc()[0].flags = 0);
	ask_disk(VIRTIO_BLK_T_OUT, 0, 512);
	desc()[2].flags = 0;
	try("status that may not be written");
	SPOILED("status of two", desc()[2].len = 2);
	SPOILED("short header", desc()[0].len = 15);
	SPOILED("long header", desc()[0].len = 17);
	SPOILED("queue of 0", size = 0);
	SPOILED("queue of 3", size = 3);
	SPOILED("queue of 128", size = 128);
	SPOILED("queue of 2^31", size = 1U << 31);
	SPOILED("descriptors outside", desc_at = end - 127 + 15);
	SPOILED("descriptors askew", (memmove(ram + DESC + 8, ram + DESC, 48), desc_at += 8));
	SPOILED("available outside", avail_at = end - 20);
	SPOILED("available at -2", avail_at = -2ULL);
	SPOILED("used outside", used_at = end - 68);
	SPOILED("used below", used_at = MEMORY_AT - 4);
}

static void try_disk(void)
{
	SPOILED("last sector", memset(ram + HEAD + 8, SECTORS - 1, 1));
	SPOILED("first sector that is not", memset(ram + HEAD + 8, SECTORS, 1));
	SPOILED("sector -1", memset(ram + HEAD + 8, 255, 8));
	/* Its offset in the file would be 0 again. */
	SPOILED("sector 2^63 + 2^55",
		memcpy(ram + HEAD + 8, &(uint64_t) { 1ULL << 63 | 1ULL << 55 }, 8));
	SPOILED("across the end", (memset(ram + HEAD + 8, SECTORS - 1, 1), desc()[1].len = 1024));
	SPOILED("half a sector", desc()[1].len = 511);
	SPOILED("nothing", desc()[1].len = 0);
	SPOILED("another type", ram[HEAD] = 99);
	ask_disk(VIRTIO_BLK_T_OUT, 0, 512);
	try("write");
	SPOILED("read into what may not be written", desc()[1].flags = NEXT);
	ask_disk(VIRTIO_BLK_T_OUT, 0, 512);
	desc()[1].flags |= WRITE;
	try("write from what may not be read");
	ask_disk(VIRTIO_BLK_T_OUT, SECTORS, 512);
	try("write to the first sector that is not");
	ask_disk(VIRTIO_BLK_T_OUT, SECTORS - 1, 1024);
	try("write across the end");
	fprintf(stderr, "the disk has %lld sectors\n",
		(long long)lseek(disk, 0, SEEK_END) / SECTOR);
	ask_disk(VIRTIO_BLK_T_OUT, 0, 512);
	virtio[1].features |= 1 << VIRTIO_BLK_F_RO;
	try("write to a disk that may be read");
	virtio[1].features &= ~(1 << VIRTIO_BLK_F_RO);
	must(ftruncate(disk, 512), "It is ours.");
	SPOILED("cut off", memset(ram + HEAD + 8, 1, 1));
	must(ftruncate(disk, SECTORS * SECTOR), "It is ours.");
}

static uint64_t random_state = 88172645463325252ULL;

static uint64_t random_number(uint64_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % below;
}

/* Mostly good, now and then at an edge, now and then anything. */
static uint64_t random_address(void)
{
	switch (random_number(16)) {
	case 0: return MEMORY_AT + ram_size - random_number(600);
	case 1: return MEMORY_AT - random_number(600);
	case 2: return random_number(-1ULL);
	default: return MEMORY_AT + random_number(ram_size - 4096);
	}
}

static uint32_t random_length(void)
{
	static const uint32_t lengths[] = { 1, 16, 16, 511, 512, 512, 1024, 4096 };

	switch (random_number(12)) {
	case 0: return -random_number(600);
	case 1: return random_number(ram_size + 600);
	default: return lengths[random_number(8)];
	}
}

/* Returns VALUE, and once in ODDS anything of 16 bits. */
static uint16_t mostly(uint16_t value, unsigned int odds)
{
	return random_number(odds) ? value : random_number(65536);
}

/* Random requests in random queues, of both devices. */
static void try_random(void)
{
	int broken = 0, served = 0, done = 0;

	for (int round = 0; round < ROUNDS; round++) {
		device = random_number(2);
		queue = device ? 0 : random_number(2);
		console_listens = true;
		for (int i = 0; i < 8; i++)
			type('x');
		ask_disk(random_number(9), random_number(20), 512);
		for (int i = random_number(3); i < 8; i++)
			describe(i, random_address(), random_length(),
				 mostly(random_number(4), 64), mostly(i + 1, 32));
		for (int i = 0; i < 8; i++)
			avail()[2 + i] = mostly(random_number(8), 32);
		avail()[1] = mostly(random_number(9), 32);
		if (!random_number(8)) {
			uint64_t *places[] = { &desc_at, &avail_at, &used_at };

			*places[random_number(3)] = random_address() & -16ULL;
		}
		if (!random_number(16))
			size = random_number(1U << random_number(32));
		go();
		serve_virtio();
		is_broken() ? broken++ : served++;
		done += *(uint16_t *)(ram + USED + 2);
	}
	fprintf(stderr, "random: %s broken, %s served, %s requests\n",
		broken > ROUNDS / 10 ? "many" : "few", served > ROUNDS / 20 ? "many" : "few",
		done > ROUNDS / 10 ? "many" : "few");
	if (getenv("NUMBERS"))
		fprintf(stderr, "%d %d %d\n", broken, served, done);
}

int main(void)
{
	make_memory();
	make_devices();
	must(dup2(must(open("/dev/null", O_WRONLY), "Is /dev there?"), 1), "It is open.");
	try_queues();
	try_disk();
	try_random();
	return 0;
}
