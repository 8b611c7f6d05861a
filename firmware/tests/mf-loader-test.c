/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "mf_gateway.h"
#include "mf_hmac.h"
#include "mf_octets.h"

/* The gateway's side of a loader, against one that behaves as LINK.md says and whose line and power
 * fail when the test wants it. */

#define PAGE 128
#define PAYLOAD 1000
#define IMAGE (MF_IMAGE_HEADER_SIZE + PAYLOAD)
#define STEP_MS 20

typedef struct
{
  struct mf_loader loader; /* the gateway's */
  guint32          now_ms;
  guint8           image[IMAGE];
  GQueue           answers;  /* GBytes on the line */
  GQueue           requests; /* GBytes that wait for the unit to be ready */
  guint            sent, ended;
  int              status;

  /* the unit's */
  guint8   program[2 * PAYLOAD];
  guint8   tag[MF_LINK_TAG];
  gboolean has_power, is_coming, is_whole, runs;
  guint32  wanted;
  guint    begins, pages, data_requests;
  guint32  slow_ms; /* how long BEGIN takes, while requests wait on the line */
  guint32  busy_until_ms;
  guint8   refusal;     /* what BEGIN is answered */
  guint    corruptions; /* so many FINISH more find it corrupt */
  GRand   *random;
  gint     lose_request;  /* one of so many; 0 = none */
  gint     lose_answer;   /* one of so many */
  guint    cut_at_page;   /* power fails after it; 0 = never */
  guint32  power_back_ms; /* when it comes back */
} Fixture;

static const guint8 key[MF_LINK_KEY] = { 1, 2, 3 };

static gboolean
is_lost (Fixture *self, gint one_of)
{
  return one_of > 0 && g_rand_int_range (self->random, 0, one_of) == 0;
}

static void
reply (Fixture *self, guint8 kind, guint8 status)
{
  guint8 frame[15] = { MF_LOADER_ANSWER, MF_LINK_VERSION, kind, status, self->is_whole };

  mf_put32 (frame + 9, self->wanted);
  mf_put16 (frame + 13, PAGE);
  if (!is_lost (self, self->lose_answer))
    g_queue_push_tail (&self->answers, g_bytes_new (frame, sizeof frame));
}

static guint8
begin (Fixture *self, const guint8 *frame, size_t size)
{
  g_assert_cmpuint (size, ==, 1 + MF_IMAGE_HEADER_SIZE + MF_LINK_TAG);
  g_assert_cmpmem (frame + 1, MF_IMAGE_HEADER_SIZE, self->image, MF_IMAGE_HEADER_SIZE);
  memcpy (self->tag, frame + 1 + MF_IMAGE_HEADER_SIZE, MF_LINK_TAG);
  if (self->refusal != MF_UNIT_DONE)
    return self->refusal;
  self->begins++;
  self->wanted = 0;
  self->is_coming = TRUE;
  self->is_whole = FALSE;
  return MF_UNIT_DONE;
}

static void
cut_power (Fixture *self)
{
  g_queue_clear_full (&self->requests, (GDestroyNotify)g_bytes_unref);
  self->has_power = self->is_coming = FALSE;
  self->wanted = 0;
  self->power_back_ms = self->now_ms + 3000;
}

static guint8
take_page (Fixture *self, const guint8 *frame, size_t size)
{
  g_assert_cmpuint (size, ==, 5 + PAGE);
  if (!self->is_coming || self->wanted >= PAYLOAD || mf_get32 (frame + 1) != self->wanted)
    return MF_UNIT_NOT_NOW;
  memcpy (self->program + self->wanted, frame + 5, PAGE);
  self->wanted += PAGE;
  if (++self->pages == self->cut_at_page)
    cut_power (self);
  return MF_UNIT_DONE;
}

static guint8
finish (Fixture *self)
{
  if (!self->is_coming || self->wanted < PAYLOAD)
    return MF_UNIT_NOT_NOW;
  self->is_coming = FALSE;
  if (self->corruptions > 0)
    {
      self->corruptions--;
      return MF_UNIT_CORRUPT;
    }
  self->is_whole = memcmp (self->program, self->image + MF_IMAGE_HEADER_SIZE, PAYLOAD) == 0;
  return self->is_whole ? MF_UNIT_DONE : MF_UNIT_CORRUPT;
}

static void
serve (Fixture *self, const guint8 *frame, size_t size)
{
  guint8 status = MF_UNIT_DONE;

  if (frame[0] == MF_LOADER_BEGIN)
    status = begin (self, frame, size);
  else if (frame[0] == MF_LOADER_DATA)
    status = take_page (self, frame, size);
  else if (frame[0] == MF_LOADER_FINISH)
    status = finish (self);
  else if (frame[0] == MF_LOADER_RUN)
    {
      status = self->is_whole ? MF_UNIT_DONE : MF_UNIT_NOT_NOW;
      self->runs = self->is_whole;
    }
  if (self->has_power)
    reply (self, frame[0], status);
}

/* What BEGIN takes is over before it is looked at. */
static void
serve_next (Fixture *self)
{
  g_autoptr (GBytes) request = NULL;
  const guint8 *frame = NULL;
  gsize         size = 0;

  if (self->now_ms < self->busy_until_ms || g_queue_is_empty (&self->requests))
    return;
  frame = g_bytes_get_data (g_queue_peek_head (&self->requests), &size);
  if (frame[0] == MF_LOADER_BEGIN && self->slow_ms > 0 && self->busy_until_ms == 0)
    {
      self->busy_until_ms = self->now_ms + self->slow_ms;
      return;
    }
  self->busy_until_ms = 0;
  request = g_queue_pop_head (&self->requests);
  if (!self->runs)
    serve (self, frame, size);
}

static void
send_frame (void *user, uint8_t *frame, size_t size)
{
  Fixture *self = user;

  g_assert_cmpuint (size, <=, MF_LOADER_FRAME - 4);
  memset (frame + size, 0xEE, 4); /* where the CRC goes */
  self->sent++;
  self->data_requests += frame[0] == MF_LOADER_DATA;
  if (self->has_power && !self->runs && !is_lost (self, self->lose_request))
    g_queue_push_tail (&self->requests, g_bytes_new (frame, size));
}

static void
ended (void *user, enum mf_unit_status status)
{
  Fixture *self = user;

  self->ended++;
  self->status = (int)status;
}

static const struct mf_loader_ops ops = { send_frame, ended };

static Fixture *
fixture_new (void)
{
  Fixture        *self = g_new0 (Fixture, 1);
  struct mf_bytes image = { self->image, sizeof self->image };

  for (guint i = 0; i < sizeof self->image; i++)
    self->image[i] = (guint8)(i * 7 + i / 256);
  self->has_power = TRUE;
  self->is_whole = TRUE; /* the program that it had */
  g_queue_init (&self->answers);
  g_queue_init (&self->requests);
  self->random = g_rand_new_with_seed (3);
  mf_loader_init (&self->loader, &ops, self);
  mf_loader_load (&self->loader, self->now_ms, image, key);
  return self;
}

static void
fixture_free (Fixture *self)
{
  g_queue_clear_full (&self->answers, (GDestroyNotify)g_bytes_unref);
  g_queue_clear_full (&self->requests, (GDestroyNotify)g_bytes_unref);
  g_rand_free (self->random);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
pass (Fixture *self, guint32 ms)
{
  for (guint32 until = self->now_ms + ms; self->now_ms < until; self->now_ms += STEP_MS)
    {
      g_autoptr (GBytes) answer = NULL;
      guint sent = self->sent;

      if (!self->has_power && self->power_back_ms > 0 && self->now_ms >= self->power_back_ms)
        self->has_power = TRUE;
      serve_next (self);
      answer = g_queue_pop_head (&self->answers);
      if (answer != NULL)
        g_assert_true (mf_loader_frame (&self->loader, self->now_ms,
                                        g_bytes_get_data (answer, NULL),
                                        g_bytes_get_size (answer)));
      mf_loader_step (&self->loader, self->now_ms);
      g_assert_cmpuint (self->sent - sent, <=, 1); /* never two at a time */
    }
}

static void
assert_done (Fixture *self)
{
  g_assert_cmpuint (self->ended, ==, 1);
  g_assert_cmpint (self->status, ==, MF_UNIT_DONE);
  g_assert_cmpmem (self->program, PAYLOAD, self->image + MF_IMAGE_HEADER_SIZE, PAYLOAD);
  g_assert_true (self->runs);
  g_assert_false (self->loader.active);
}

static void
test_load (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  const struct mf_bytes secret = { key, sizeof key };
  const struct mf_bytes parts[] = { { (const guint8 *)"muster loader image", 19 },
                                    { self->image, MF_IMAGE_HEADER_SIZE } };
  guint8                code[MF_SHA256_SIZE], full[PAGE];

  pass (self, 5000);
  assert_done (self);
  mf_hmac_sha256 (code, secret, parts, 2);
  g_assert_cmpmem (self->tag, MF_LINK_TAG, code, MF_LINK_TAG);
  memset (full, 0xFF, sizeof full);
  g_assert_cmpmem (self->program + PAYLOAD, PAGE - PAYLOAD % PAGE, full, PAGE - PAYLOAD % PAGE);
  g_assert_cmpuint (self->begins, ==, 1);
}

/* Until it answers it is asked for often enough to be met in the half second that it listens. */
static void
test_absent (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  self->has_power = FALSE;
  pass (self, 10000);
  g_assert_cmpuint (self->sent, >=, 50);
  g_assert_false (mf_loader_has_line (&self->loader));
  self->has_power = TRUE;
  pass (self, 5000);
  assert_done (self);
}

static void
test_refused (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  guint sent;

  self->refusal = MF_UNIT_OLDER;
  pass (self, 5000);
  g_assert_cmpuint (self->ended, ==, 1);
  g_assert_cmpint (self->status, ==, MF_UNIT_OLDER);
  g_assert_true (self->is_whole);
  sent = self->sent;
  pass (self, 5000);
  g_assert_cmpuint (self->sent, ==, sent);
}

/* Whichever frame is lost, either way: it comes to the end, with the right program. */
static void
test_lost_frames (void)
{
  for (gint every = 2; every < 12; every++)
    for (guint way = 0; way < 2; way++)
      {
        g_autoptr (Fixture) self = fixture_new ();

        if (way == 0)
          self->lose_request = every;
        else
          self->lose_answer = every;
        pass (self, 600000);
        g_assert_cmpmem (self->program, PAYLOAD, self->image + MF_IMAGE_HEADER_SIZE, PAYLOAD);
        g_assert_true (self->runs);
      }
}

/* Power fails after each page, and comes back with a loader that knows of nothing. */
static void
test_power_cuts (void)
{
  for (guint page = 1; page <= (PAYLOAD + PAGE - 1) / PAGE; page++)
    {
      g_autoptr (Fixture) self = fixture_new ();

      self->cut_at_page = page;
      pass (self, 60000);
      assert_done (self);
      g_assert_cmpuint (self->begins, ==, 2);
    }
}

/* A line that is lost is not waited for. */
static void
test_lost_line (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  self->cut_at_page = 2;
  pass (self, 1000);
  g_assert_true (mf_loader_has_line (&self->loader));
  mf_loader_lost (&self->loader, self->now_ms);
  g_assert_false (mf_loader_has_line (&self->loader));
  pass (self, 4000);
  assert_done (self);
}

/* A unit that answers late, and then all that was asked meanwhile: it is spoken to once at a time.
 */
static void
test_slow (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  self->slow_ms = 15000;
  pass (self, 60000);
  assert_done (self);
  g_assert_cmpuint (self->begins, ==, 1);
  g_assert_cmpuint (self->data_requests, ==, (PAYLOAD + PAGE - 1) / PAGE);
}

/* What is refused once the unit has no program any more is begun again, ever more seldom. */
static void
test_corrupt (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  guint begins;

  self->corruptions = 8;
  pass (self, 40000);
  g_assert_cmpuint (self->ended, ==, 0);
  begins = self->begins;
  g_assert_cmpuint (begins, >=, 5);
  g_assert_cmpuint (begins, <=, 7);
  pass (self, 400000);
  assert_done (self);
  g_assert_cmpuint (self->begins, ==, 9);
}

/* Anything that a line may bring: nothing is read beyond the image, nothing is sent unasked. */
static void
test_nonsense (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  struct mf_bytes image = { self->image, sizeof self->image };

  self->runs = TRUE; /* it is the test that answers */
  for (guint round = 0; round < 200000; round++)
    {
      guint8 frame[20] = { MF_LOADER_ANSWER, MF_LINK_VERSION, self->loader.asked, 0, 0 };
      gsize  size = 15;
      guint  sent = self->sent;

      mf_put32 (frame + 9, (guint32)g_rand_int_range (random, 0, 12) * PAGE);
      mf_put16 (frame + 13, PAGE);
      for (gint changes = g_rand_int_range (random, 0, 3); changes > 0; changes--)
        frame[g_rand_int_range (random, 0, 15)] = (guint8)g_rand_int (random);
      if (g_rand_int_range (random, 0, 20) == 0)
        size = (gsize)g_rand_int_range (random, 0, 20);
      mf_loader_frame (&self->loader, self->now_ms, frame, size);
      g_assert_cmpuint (self->sent - sent, <=, 1);
      self->now_ms += (guint32)g_rand_int_range (random, 0, 2000);
      mf_loader_step (&self->loader, self->now_ms);
      if (!self->loader.active)
        mf_loader_load (&self->loader, self->now_ms, image, key);
    }
  g_assert_cmpuint (self->ended, >, 100);
}

/* --- what a gateway keeps of an update --- */

static const guint8 seed[MF_ED25519_SEED_SIZE] = { 9 };

static uint64_t
monotonic_ms (void *user)
{
  return 1000;
}

static void
lose_bytes (void *user, const uint8_t *bytes, size_t size)
{
}

static bool
find_key (void *user, struct mf_bytes serial, uint8_t out[MF_LINK_KEY])
{
  memcpy (out, key, MF_LINK_KEY);
  return serial.size == 4 && memcmp (serial.data, "S-42", 4) == 0;
}

static void
note_kept (void *user, const void *bytes, size_t size)
{
  *(gssize *)user = (gssize)size;
}

static const struct mf_gateway_ops gateway_ops = { .send = lose_bytes,
                                                   .key = find_key,
                                                   .keep = note_kept };

/* A gateway that trusts one key and has just started, and what it kept; `size` is told what it
 * keeps now. */
static struct mf_gateway *
take_up (const struct mf_gateway_kept *kept, gsize n, gssize *size)
{
  static const struct mf_port_ops port_ops = { .monotonic_ms = monotonic_ms };
  static const struct mf_port     port = { &port_ops, NULL, 0 };
  static struct mf_node           node;
  static struct mf_gateway        gateway;
  static struct mf_sample         samples[MF_GATEWAY_SAMPLES_LEAST];
  static guint8                   trusted[1][MF_ED25519_KEY_SIZE];
  static struct mf_image_keys     keys = { (const guint8 (*)[MF_ED25519_KEY_SIZE])trusted, 1 };
  const struct mf_bytes           bytes = { (const guint8 *)kept, n };

  *size = -1;
  node.port = &port;
  mf_ed25519_public_key (trusted[0], seed);
  mf_gateway_init (&gateway, &gateway_ops, size, &node, samples, MF_GATEWAY_SAMPLES_LEAST);
  mf_gateway_trust (&gateway, &keys);
  mf_gateway_take_up (&gateway, bytes);
  return &gateway;
}

static void
hash (guint8 out[MF_SHA256_SIZE], const guint8 *bytes, gsize size)
{
  struct mf_sha256 state;

  mf_sha256_init (&state);
  mf_sha256_update (&state, bytes, size);
  mf_sha256_final (&state, out);
}

/* Returns its size. */
static gsize
make_kept (struct mf_gateway_kept *kept)
{
  struct mf_image image = { .model = "SN-1",
                            .hardware_max = 9,
                            .version = { 2, 0, 0 },
                            .security_counter = 1,
                            .payload_size = PAYLOAD };
  gsize           size = sizeof *kept - sizeof kept->file + IMAGE;

  memset (kept, 0, sizeof *kept);
  memset (kept->file + MF_IMAGE_HEADER_SIZE, 7, PAYLOAD);
  hash (image.payload_sha256, kept->file + MF_IMAGE_HEADER_SIZE, PAYLOAD);
  g_assert_true (mf_image_format (&image, kept->file));
  mf_image_sign (kept->file, seed, NULL);
  kept->format = 0x314C474D;
  kept->size = (guint32)size;
  g_strlcpy (kept->unit.serial, "S-42", sizeof kept->unit.serial);
  g_strlcpy (kept->unit.model, "SN-1", sizeof kept->unit.model);
  g_strlcpy (kept->unit.hardware, "rev1", sizeof kept->unit.hardware);
  g_strlcpy (kept->order.id, "7", sizeof kept->order.id);
  g_strlcpy (kept->order.version, "2.0.0", sizeof kept->order.version);
  kept->order.size = IMAGE;
  hash (kept->order.sha256, kept->file, IMAGE);
  return size;
}

static void
test_kept (void)
{
  g_autofree struct mf_gateway_kept *kept = g_new0 (struct mf_gateway_kept, 1);
  gsize                              size = make_kept (kept);
  gssize                             keeps = 0;
  const struct mf_gateway           *gateway = take_up (kept, size, &keeps);

  g_assert_true (gateway->update.loader.active);
  g_assert_cmpint (gateway->update.state, ==, MF_UPDATE_INSTALLING);
  g_assert_cmpint (keeps, ==, (gssize)size);
  /* It is for nobody who is known here. */
  kept->unit.serial[0] = 'T';
  gateway = take_up (kept, size, &keeps);
  g_assert_false (gateway->update.loader.active);
  kept->unit.serial[0] = 'S';
  /* The unit has come to run something newer. */
  kept->security_counter = 2;
  gateway = take_up (kept, size, &keeps);
  g_assert_cmpint (gateway->update.state, ==, MF_UPDATE_FAILED);
  g_assert_true (g_str_has_prefix (gateway->update.error, "rolled-back: "));
  g_assert_cmpint (keeps, ==, 0);
}

/* Whatever the file has become, only what is signed and was ordered is given to a unit. */
static void
test_kept_nonsense (void)
{
  g_autofree struct mf_gateway_kept *good = g_new0 (struct mf_gateway_kept, 1);
  g_autofree struct mf_gateway_kept *kept = g_new0 (struct mf_gateway_kept, 1);
  const gsize                        whole = make_kept (good);
  g_autoptr (GRand) random = g_rand_new_with_seed (8);
  guint taken = 0;

  for (guint round = 0; round < 100; round++)
    {
      gsize                    size = whole;
      gssize                   keeps = 0;
      const struct mf_gateway *gateway = NULL;
      guint8                  *bytes = (guint8 *)kept;

      memcpy (kept, good, sizeof *kept);
      for (gint changes = g_rand_int_range (random, 1, 4); changes > 0; changes--)
        bytes[g_rand_int_range (random, 0, (gint32)size)] ^=
          (guint8)g_rand_int_range (random, 1, 256);
      if (g_rand_int_range (random, 0, 8) == 0)
        size = (gsize)g_rand_int_range (random, 0, (gint32)size);
      gateway = take_up (kept, size, &keeps);
      if (!gateway->update.loader.active)
        continue;
      taken++;
      g_assert_cmpmem (gateway->update.kept.file, IMAGE, good->file, IMAGE);
    }
  g_assert_cmpuint (taken, <, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loader/load", test_load);
  g_test_add_func ("/loader/absent", test_absent);
  g_test_add_func ("/loader/refused", test_refused);
  g_test_add_func ("/loader/lost-frames", test_lost_frames);
  g_test_add_func ("/loader/power-cuts", test_power_cuts);
  g_test_add_func ("/loader/lost-line", test_lost_line);
  g_test_add_func ("/loader/slow", test_slow);
  g_test_add_func ("/loader/corrupt", test_corrupt);
  g_test_add_func ("/loader/nonsense", test_nonsense);
  g_test_add_func ("/loader/kept", test_kept);
  g_test_add_func ("/loader/kept-nonsense", test_kept_nonsense);
  return g_test_run ();
}
