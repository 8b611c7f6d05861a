/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-slots"

#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sodium.h>

#include "muster-node-slots.h"

#define OPEN_MAX_FILES 64
#define KEYS_MAX 8
#define ERASE_SIZE (64u * 1024)
#define RECORDS_ERASE_SIZE 4096u
#define PROGRAM_SIZE 256u
#define WINDOW_SIZE (64u * 1024) /* of what was read last: images are read from start to end */
#define N_FILES (1 + MF_BOOT_SLOTS)

/* One region of a unit: a file. */
typedef struct
{
  MusterNodeSlots *slots;
  char            *path; /* (owned) */
  int              fd;   /* -1 = not open */
} Region;

struct _MusterNodeShelf
{
  char    *directory;
  gboolean sync;
  guint8   keys[KEYS_MAX][MF_ED25519_KEY_SIZE];
  guint    n_keys;
  GQueue   open; /* element-type Region, not owned; the one used last at the head */
  Region  *window_of;
  guint32  window_at;
  gsize    window_size;
  guint8  *window; /* (owned) */
};

struct _MusterNodeSlots
{
  MusterNodeShelf      *shelf;
  Region                regions[N_FILES]; /* records, slot a, slot b */
  char                 *model;
  guint8                keys[KEYS_MAX + 1][MF_ED25519_KEY_SIZE];
  struct mf_boot_config config;
  guint                 operations;
  guint                 cut_at;
  gboolean              off;
};

static void
region_close (Region *self)
{
  MusterNodeShelf *shelf = self->slots->shelf;

  if (shelf->window_of == self)
    shelf->window_of = NULL;
  if (self->fd < 0)
    return;
  g_queue_remove (&shelf->open, self);
  close (self->fd);
  self->fd = -1;
}

static gboolean
region_open (Region *self)
{
  MusterNodeShelf *shelf = self->slots->shelf;

  if (shelf->open.head != NULL && shelf->open.head->data == self)
    return TRUE;
  if (self->fd >= 0)
    g_queue_remove (&shelf->open, self);
  else
    {
      if (shelf->open.length >= OPEN_MAX_FILES)
        region_close (g_queue_peek_tail (&shelf->open));
      self->fd = g_open (self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    }
  if (self->fd >= 0)
    g_queue_push_head (&shelf->open, self);
  return self->fd >= 0;
}

static bool
region_fill_window (Region *self, guint32 offset)
{
  MusterNodeShelf *shelf = self->slots->shelf;
  gssize           n;

  if (!region_open (self))
    return false;
  n = pread (self->fd, shelf->window, WINDOW_SIZE, offset);
  if (n < 0)
    return false;
  memset (shelf->window + n, 0xFF, WINDOW_SIZE - (gsize)n);
  shelf->window_of = self;
  shelf->window_at = offset;
  return true;
}

static bool
region_read (void *user, uint32_t offset, void *data, uint32_t size)
{
  Region          *self = user;
  MusterNodeShelf *shelf = self->slots->shelf;

  if (self->slots->off || size > WINDOW_SIZE)
    return false;
  if ((shelf->window_of != self || offset < shelf->window_at ||
       offset + size > shelf->window_at + WINDOW_SIZE) &&
      !region_fill_window (self, offset))
    return false;
  memcpy (data, shelf->window + (offset - shelf->window_at), size);
  return true;
}

/* Of the operation in which power fails, half is done. */
static uint32_t
survives (MusterNodeSlots *self, uint32_t size)
{
  self->operations++;
  if (self->operations != self->cut_at)
    return size;
  self->off = TRUE;
  return size / 2;
}

/* What lies between the end of the file and `offset` is erased, which a hole is not: it reads 0. */
static bool
region_fill_gap (Region *self, uint32_t offset)
{
  gint64             size = lseek (self->fd, 0, SEEK_END);
  g_autofree guint8 *blank = NULL;
  gsize              gap;

  if (size < 0 || size >= (gint64)offset)
    return size >= 0;
  gap = (gsize)(offset - size);
  blank = g_malloc (gap);
  memset (blank, 0xFF, gap);
  return pwrite (self->fd, blank, gap, size) == (gssize)gap;
}

static bool
region_write (Region *self, uint32_t offset, const void *data, uint32_t size)
{
  uint32_t n = survives (self->slots, size);

  if (self->slots->shelf->window_of == self)
    self->slots->shelf->window_of = NULL;
  return region_open (self) && region_fill_gap (self, offset) &&
         pwrite (self->fd, data, n, offset) == (gssize)n &&
         (!self->slots->shelf->sync || fdatasync (self->fd) == 0) && !self->slots->off;
}

static bool
region_program (void *user, uint32_t offset, const void *data, uint32_t size)
{
  Region *self = user;

  return !self->slots->off && region_write (self, offset, data, size);
}

/* A unit that is the last of its file is cut off, which is cheaper than writing blanks. */
static bool
region_erase (void *user, uint32_t offset)
{
  Region                *self = user;
  const struct mf_flash *flash =
    self == &self->slots->regions[0] ? &self->slots->config.records : &self->slots->config.slots[0];
  g_autofree guint8 *blank = NULL;
  gint64             size;

  if (self->slots->off || !region_open (self))
    return false;
  size = lseek (self->fd, 0, SEEK_END);
  if (size <= (gint64)offset)
    {
      survives (self->slots, 0);
      return !self->slots->off;
    }
  if (size <= (gint64)offset + flash->erase_size)
    {
      survives (self->slots, 0);
      if (self->slots->shelf->window_of == self)
        self->slots->shelf->window_of = NULL;
      return !self->slots->off && ftruncate (self->fd, offset) == 0;
    }
  blank = g_malloc (flash->erase_size);
  memset (blank, 0xFF, flash->erase_size);
  return region_write (self, offset, blank, flash->erase_size);
}

static const struct mf_flash_ops region_ops = { region_read, region_program, region_erase };

static gboolean
read_key (const char *path, guint8 key[MF_ED25519_KEY_SIZE], GError **error)
{
  g_autofree char *text = NULL;
  gsize            size;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  g_strstrip (text);
  if (sodium_hex2bin (key, MF_ED25519_KEY_SIZE, text, strlen (text), NULL, &size, NULL) == 0 &&
      size == MF_ED25519_KEY_SIZE)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "%s: is no public key: it must hold 64 hexadecimal digits", path);
  return FALSE;
}

MusterNodeShelf *
muster_node_shelf_new (const char        *directory,
                       gboolean           sync,
                       const char *const *keys,
                       GError           **error)
{
  g_autoptr (MusterNodeShelf) self = g_new0 (MusterNodeShelf, 1);

  self->directory = g_strdup (directory);
  self->sync = sync;
  self->window = g_malloc (WINDOW_SIZE);
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      if (self->n_keys == KEYS_MAX)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "update-key: at most %d can be given", KEYS_MAX);
          return NULL;
        }
      if (!read_key (keys[i], self->keys[self->n_keys++], error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

void
muster_node_shelf_free (MusterNodeShelf *self)
{
  g_free (self->directory);
  g_free (self->window);
  g_free (self);
}

/* The image a unit leaves the factory with: a few bytes of payload, its own key. */
static gboolean
make_factory_image (MusterNodeSlots *self, const char *version, guint8 key[MF_ED25519_KEY_SIZE])
{
  static const char payload[] = "The simulated unit is muster-node itself; this is what it was "
                                "delivered with.\n";
  struct mf_image   image = { .hardware_max = G_MAXUINT16, .payload_size = sizeof payload - 1 };
  guint8            page[2 * PROGRAM_SIZE], seed[MF_ED25519_SEED_SIZE];

  memset (page, 0xFF, sizeof page);
  g_strlcpy (image.model, self->model, sizeof image.model);
  mf_image_version_parse (image.version, version);
  crypto_hash_sha256 (image.payload_sha256, (const guint8 *)payload, sizeof payload - 1);
  randombytes_buf (seed, sizeof seed);
  mf_ed25519_public_key (key, seed);
  if (!mf_image_format (&image, page))
    return FALSE;
  mf_image_sign (page, seed, NULL);
  sodium_memzero (seed, sizeof seed);
  memcpy (page + MF_IMAGE_HEADER_SIZE, payload, sizeof payload - 1);
  return mf_flash_program (&self->config.slots[0], 0, page, sizeof page);
}

/* The factory's key is known, or is made together with the image. */
static gboolean
muster_node_slots_ensure_factory (MusterNodeSlots *self,
                                  const char      *key_path,
                                  const char      *version,
                                  GError         **error)
{
  char hex[2 * MF_ED25519_KEY_SIZE + 1];

  if (g_file_test (key_path, G_FILE_TEST_EXISTS))
    return read_key (key_path, self->keys[0], error);
  for (guint i = 0; i < N_FILES; i++)
    g_unlink (self->regions[i].path);
  if (!make_factory_image (self, version, self->keys[0]))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "model: \"%s\" cannot stand in an image: it must be printable ASCII, at most %u "
                   "bytes",
                   self->model, MF_IMAGE_MODEL_SIZE);
      return FALSE;
    }
  sodium_bin2hex (hex, sizeof hex, self->keys[0], MF_ED25519_KEY_SIZE);
  return g_file_set_contents (key_path, hex, -1, error);
}

MusterNodeSlots *
muster_node_slots_new (MusterNodeShelf *shelf,
                       const char      *serial,
                       const char      *model,
                       const char      *hardware,
                       const char      *version,
                       GError         **error)
{
  static const char *const endings[N_FILES] = { "boot", "slot-a", "slot-b" };
  g_autoptr (MusterNodeSlots) self = g_new0 (MusterNodeSlots, 1);
  g_autofree char *key_file = g_strconcat (serial, ".factory-key", NULL);
  g_autofree char *key_path = g_build_filename (shelf->directory, key_file, NULL);

  self->shelf = shelf;
  self->model = g_strdup (model);
  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *file = g_strconcat (serial, ".", endings[i], NULL);
      struct mf_flash *flash = i == 0 ? &self->config.records : &self->config.slots[i - 1];

      self->regions[i] = (Region){ self, g_build_filename (shelf->directory, file, NULL), -1 };
      *flash = (struct mf_flash){ &region_ops, &self->regions[i],
                                  i == 0 ? 2 * RECORDS_ERASE_SIZE : MUSTER_NODE_SLOT_SIZE,
                                  i == 0 ? RECORDS_ERASE_SIZE : ERASE_SIZE, PROGRAM_SIZE };
    }
  memcpy (self->keys[1], shelf->keys, shelf->n_keys * sizeof *shelf->keys);
  self->config.keys =
    (struct mf_image_keys){ (const guint8 (*)[MF_ED25519_KEY_SIZE])self->keys, 1 + shelf->n_keys };
  self->config.model = self->model;
  self->config.hardware_revision = mf_image_hardware_revision (hardware);
  if (!muster_node_slots_ensure_factory (self, key_path, version, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
muster_node_slots_free (MusterNodeSlots *self)
{
  for (guint i = 0; i < N_FILES; i++)
    {
      region_close (&self->regions[i]);
      g_free (self->regions[i].path);
    }
  g_free (self->model);
  g_free (self);
}

const struct mf_boot_config *
muster_node_slots_get_config (MusterNodeSlots *self)
{
  return &self->config;
}

void
muster_node_slots_cut_power (MusterNodeSlots *self, guint nth)
{
  self->cut_at = nth > 0 ? self->operations + nth : 0;
}

gboolean
muster_node_slots_has_power (MusterNodeSlots *self)
{
  return !self->off;
}

void
muster_node_slots_power_on (MusterNodeSlots *self)
{
  self->off = FALSE;
  self->cut_at = 0;
}
