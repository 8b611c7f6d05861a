/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mf-test-unit.h"
#include "mf_octets.h"

/* The search for what two images have in common: the rolling sum, blocks that moved, blocks that
 * are equal, and indexes that are wrong. */

#define BLOCK 1024u
#define MAX_BLOCKS 80u

/* An old image in memory, which counts what is read of it. */
typedef struct
{
  GByteArray     *bytes; /* (owned) */
  guint64         n_read;
  struct mf_flash flash;
} Old;

static bool
read_old (void *user, uint32_t offset, void *data, uint32_t size)
{
  Old *self = user;

  memcpy (data, self->bytes->data + offset, size);
  self->n_read += size;
  return true;
}

static const struct mf_flash_ops old_ops = { .read = read_old };

static GByteArray *
random_bytes (guint32 seed, guint32 size)
{
  GByteArray *bytes = g_byte_array_new ();
  GRand      *rand = g_rand_new_with_seed (seed);

  for (guint32 i = 0; i < size; i++)
    g_byte_array_append (bytes, &(guint8){ (guint8)g_rand_int (rand) }, 1);
  g_rand_free (rand);
  return bytes;
}

/* Takes BYTES. */
static Old *
old_new (GByteArray *bytes)
{
  Old *self = g_new0 (Old, 1);

  self->bytes = bytes;
  self->flash = (struct mf_flash){ &old_ops, self, bytes->len, 1024, 1 };
  return self;
}

static void
old_free (Old *self)
{
  g_byte_array_unref (self->bytes);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Old, old_free)

static struct mf_delta_block blocks[MAX_BLOCKS];

static bool
feed (struct mf_delta *delta, GBytes *index, GByteArray *file)
{
  gsize           size;
  const guint8   *data = g_bytes_get_data (index, &size);
  struct mf_index head;

  mf_delta_init (delta, blocks, MAX_BLOCKS);
  mf_delta_begin (delta);
  mf_index_parse (&head, data);
  for (gsize at = 0; at < size; at += 7)
    if (!mf_delta_feed (delta, (struct mf_bytes){ data + at, MIN (7, size - at) }, file->len,
                        head.sha256))
      return false;
  return true;
}

static GBytes *
index_of (GByteArray *file)
{
  g_autoptr (GBytes) bytes = g_bytes_new (file->data, file->len);

  return mf_test_index_new (bytes);
}

/* How many bytes of FILE are not found in OLD; what is found is checked. */
static guint32
count_missing (Old *old, GByteArray *file, guint *fetches)
{
  g_autoptr (GBytes) index = index_of (file);
  struct mf_delta delta;
  guint32         missing = 0, source, n;

  g_assert_true (feed (&delta, index, file));
  g_assert_true (mf_delta_is_whole (&delta));
  mf_delta_search (&delta, &old->flash, old->bytes->len);
  while (!mf_delta_search_some (&delta))
    ;
  *fetches = 0;
  for (guint32 at = MF_IMAGE_HEADER_SIZE; at < file->len; at += n)
    if ((n = mf_delta_find (&delta, at, &source)) > 0)
      g_assert_cmpmem (file->data + at, n, old->bytes->data + source, n);
    else
      {
        n = mf_delta_missing (&delta, at);
        missing += n;
        ++*fetches;
      }
  return missing;
}

static void
test_weak_sum_rolls (void)
{
  g_autoptr (GByteArray) bytes = random_bytes (1, 4000);
  struct mf_weak rolled = { 0, 0 };

  mf_weak_add (&rolled, bytes->data, BLOCK);
  for (guint at = 1; at + BLOCK <= bytes->len; at++)
    {
      struct mf_weak anew = { 0, 0 };

      mf_weak_add (&anew, bytes->data + at, BLOCK);
      mf_weak_roll (&rolled, BLOCK, bytes->data[at - 1], bytes->data[at + BLOCK - 1]);
      g_assert_cmphex (mf_weak_value (&rolled), ==, mf_weak_value (&anew));
    }
}

/* The figures of the paper: s(k,l) = a(k,l) + 2^16 b(k,l), both modulo 2^16. */
static void
test_weak_sum_is_rsyncs (void)
{
  struct mf_weak sum = { 0, 0 };

  mf_weak_add (&sum, (const guint8 *)"abc", 3);
  g_assert_cmphex (mf_weak_value (&sum), ==, 294u + (586u << 16));
}

static void
test_same (void)
{
  g_autoptr (Old) old = old_new (random_bytes (2, MF_IMAGE_HEADER_SIZE + 40 * BLOCK));
  guint fetches;

  g_assert_cmpuint (count_missing (old, old->bytes, &fetches), ==, 0);
  g_assert_cmpuint (fetches, ==, 0);
}

static void
test_another (void)
{
  g_autoptr (Old) old = old_new (random_bytes (3, 40 * BLOCK));
  g_autoptr (GByteArray) file = random_bytes (4, 40 * BLOCK);
  guint fetches;

  g_assert_cmpuint (count_missing (old, file, &fetches), ==, file->len - MF_IMAGE_HEADER_SIZE);
  g_assert_cmpuint (fetches, ==, 1);
}

/* Something is put in, something taken out, and a part goes to the front: only the blocks at the
 * seams are fetched. */
static void
test_moved (void)
{
  g_autoptr (Old) old = old_new (random_bytes (5, 60 * BLOCK));
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GByteArray) fresh = random_bytes (6, 300);
  guint   fetches;
  guint32 missing;

  g_byte_array_append (file, fresh->data, MF_IMAGE_HEADER_SIZE);
  g_byte_array_append (file, old->bytes->data + 40 * BLOCK, 10 * BLOCK);
  g_byte_array_append (file, old->bytes->data + 2 * BLOCK + 17, 10 * BLOCK);
  g_byte_array_append (file, fresh->data, 99);
  g_byte_array_append (file, old->bytes->data + 20 * BLOCK, 15 * BLOCK + 5);
  missing = count_missing (old, file, &fetches);
  g_assert_cmpuint (missing, <=, 3 * BLOCK);
  g_assert_cmpuint (fetches, <=, 3);
}

/* Equal blocks, of which the old image has one: found as often as they are wanted. */
static void
test_twins (void)
{
  g_autoptr (Old) old = old_new (random_bytes (7, 20 * BLOCK));
  g_autoptr (GByteArray) file = random_bytes (8, MF_IMAGE_HEADER_SIZE + 16 * BLOCK);
  guint fetches;

  memset (old->bytes->data + 3333, 0, BLOCK + 10);
  memset (file->data + MF_IMAGE_HEADER_SIZE + 2 * BLOCK, 0, 10 * BLOCK);
  g_assert_cmpuint (count_missing (old, file, &fetches), ==, 6 * BLOCK);
  g_assert_cmpuint (fetches, ==, 2);
}

/* A request costs about as much as a block: one that stands alone is fetched along. */
static void
test_gaps_are_joined (void)
{
  g_autoptr (Old) old = old_new (random_bytes (9, MF_IMAGE_HEADER_SIZE + 40 * BLOCK));
  g_autoptr (GByteArray) file = random_bytes (9, old->bytes->len);
  guint fetches;

  for (guint block = 10; block < 20; block += 2)
    file->data[MF_IMAGE_HEADER_SIZE + block * BLOCK + 7] ^= 1;
  g_assert_cmpuint (count_missing (old, file, &fetches), ==, 9 * BLOCK);
  g_assert_cmpuint (fetches, ==, 1);
}

/* The sums fit everywhere and the hashes nowhere: it is let be, before it hashes each place. */
static void
test_ends_in_time (void)
{
  g_autoptr (Old) old = old_new (g_byte_array_set_size (g_byte_array_new (), 64 * BLOCK));
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GBytes) good = NULL;
  g_autoptr (GBytes) index = NULL;
  struct mf_delta delta;
  gsize           size;
  guint8         *bytes = NULL;

  memset (old->bytes->data, 0, old->bytes->len);
  g_byte_array_append (file, old->bytes->data, old->bytes->len);
  good = index_of (file);
  bytes = g_memdup2 (g_bytes_get_data (good, &size), g_bytes_get_size (good));
  for (gsize at = MF_INDEX_HEAD_SIZE; at < size; at += MF_INDEX_ENTRY_SIZE)
    bytes[at + 4] ^= (guint8)(at | 1);
  index = g_bytes_new_take (bytes, size);
  g_assert_true (feed (&delta, index, file));
  mf_delta_search (&delta, &old->flash, old->bytes->len);
  for (guint n = 0; !mf_delta_search_some (&delta); n++)
    g_assert_cmpuint (n, <, 100);
  g_assert_cmpuint (old->n_read, <, 300 * BLOCK);
}

static void
test_refuses (void)
{
  static const struct
  {
    guint8 at;
    guint8 value;
  } cases[] = {
    { 0, 'X' }, { 4, 2 },  { 6, 60 }, { 8, 1 },  { 9, 3 },  { 9, 0 },   { 11, 1 },
    { 13, 0 },  { 16, 1 }, { 20, 8 }, { 21, 4 }, { 22, 9 }, { 24, 77 },
  };
  g_autoptr (GByteArray) file = random_bytes (10, 10 * BLOCK);
  g_autoptr (GBytes) good = index_of (file);
  struct mf_delta delta;

  g_assert_true (feed (&delta, good, file));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize           size;
      guint8         *bytes = g_memdup2 (g_bytes_get_data (good, &size), g_bytes_get_size (good));
      struct mf_index head;

      g_assert_true (mf_index_parse (&head, bytes));
      g_assert_cmphex (bytes[cases[i].at], !=, cases[i].value);
      bytes[cases[i].at] = cases[i].value;
      mf_delta_begin (&delta);
      g_test_message ("byte %u is %u", cases[i].at, cases[i].value);
      g_assert_false (
        mf_delta_feed (&delta, (struct mf_bytes){ bytes, size }, file->len, head.sha256));
      g_free (bytes);
    }
}

/* More entries than it says, more than there is room for, and one that ends early. */
static void
test_wrong_lengths (void)
{
  g_autoptr (GByteArray) file = random_bytes (11, MF_IMAGE_HEADER_SIZE + 10 * BLOCK);
  g_autoptr (GBytes) good = index_of (file);
  struct mf_delta delta;
  struct mf_index head;

  mf_index_parse (&head, g_bytes_get_data (good, NULL));
  mf_delta_init (&delta, blocks, 10);
  g_assert_true (mf_delta_has_room (&delta, (guint32)g_bytes_get_size (good)));
  g_assert_false (mf_delta_has_room (&delta, (guint32)g_bytes_get_size (good) + 12));
  g_assert_false (mf_delta_has_room (&delta, (guint32)g_bytes_get_size (good) - 1));
  g_assert_false (mf_delta_has_room (&delta, MF_INDEX_HEAD_SIZE));
  g_assert_false (mf_delta_has_room (&delta, 0));
  mf_delta_begin (&delta);
  g_assert_true (
    mf_delta_feed (&delta,
                   (struct mf_bytes){ g_bytes_get_data (good, NULL), g_bytes_get_size (good) - 1 },
                   file->len, head.sha256));
  g_assert_false (mf_delta_is_whole (&delta));
  g_assert_true (mf_delta_feed (&delta,
                                (struct mf_bytes){ (const guint8 *)g_bytes_get_data (good, NULL) +
                                                     g_bytes_get_size (good) - 1,
                                                   1 },
                                file->len, head.sha256));
  g_assert_true (mf_delta_is_whole (&delta));
  g_assert_false (
    mf_delta_feed (&delta, (struct mf_bytes){ blocks[0].strong, 8 }, file->len, head.sha256) &&
    mf_delta_feed (&delta, (struct mf_bytes){ blocks[0].strong, 4 }, file->len, head.sha256));
  mf_delta_init (&delta, blocks, 9);
  mf_delta_begin (&delta);
  g_assert_false (
    mf_delta_feed (&delta,
                   (struct mf_bytes){ g_bytes_get_data (good, NULL), g_bytes_get_size (good) },
                   file->len, head.sha256));
}

static void
test_sizes (void)
{
  static const guint8 sha256[MF_SHA256_SIZE] = { 1, 2, 3 };
  struct mf_index     index, again;
  guint8              head[MF_INDEX_HEAD_SIZE];

  g_assert_false (mf_index_init (&index, MF_IMAGE_HEADER_SIZE, sha256));
  for (guint32 size = MF_IMAGE_HEADER_SIZE + 1; size > MF_IMAGE_HEADER_SIZE && size < 0xF0000000u;
       size += size / 3)
    {
      g_assert_true (mf_index_init (&index, size, sha256));
      g_assert_cmpuint (index.n_blocks, <=, MF_INDEX_BLOCKS_MAX);
      mf_index_format (&index, head);
      g_assert_true (mf_index_parse (&again, head));
      g_assert_cmpmem (&index, sizeof index, &again, sizeof again);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/delta/weak-sum-rolls", test_weak_sum_rolls);
  g_test_add_func ("/delta/weak-sum-is-rsyncs", test_weak_sum_is_rsyncs);
  g_test_add_func ("/delta/same", test_same);
  g_test_add_func ("/delta/another", test_another);
  g_test_add_func ("/delta/moved", test_moved);
  g_test_add_func ("/delta/twins", test_twins);
  g_test_add_func ("/delta/gaps-are-joined", test_gaps_are_joined);
  g_test_add_func ("/delta/ends-in-time", test_ends_in_time);
  g_test_add_func ("/delta/refuses", test_refuses);
  g_test_add_func ("/delta/wrong-lengths", test_wrong_lengths);
  g_test_add_func ("/delta/sizes", test_sizes);
  return g_test_run ();
}
