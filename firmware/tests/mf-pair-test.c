/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-label-secret.h"
#include "devices/muster-noise.h"
#include "devices/muster-pairing-message.h"
#include "mf-test-board.h"

/* Pairing, with the console's own end of the channel. */

#define SERIAL "S-1"

static const guint8 label_secret[MF_SECRET_SIZE] = "a label's secret";

typedef struct
{
  MfTestBoard     *board;
  struct mf_device device;
  struct mf_metric metrics[MF_TEST_N_METRICS];
  guint8           tx[4096];
} Unit;

static const struct mf_identity identity = { SERIAL,  "020000000001", "MN-1",
                                             "1.2.3", "rev-a",        "Lamp \"one\"" };

static void
unit_power_on (Unit *unit)
{
  memset (unit->metrics, 0, sizeof unit->metrics);
  unit->board->dark = FALSE;
  unit->board->power = -1;
  g_assert_true (mf_device_init (&unit->device, &unit->board->port, &identity));
  g_assert_true (mf_device_set_secret (&unit->device, label_secret));
  mf_device_set_metrics (&unit->device, mf_test_infos, unit->metrics, MF_TEST_N_METRICS, NULL, 0,
                         unit->tx, sizeof unit->tx);
  g_assert_true (mf_device_start (&unit->device));
}

static Unit *
unit_new (void)
{
  Unit *unit = g_new0 (Unit, 1);

  unit->board = mf_test_board_new ();
  unit_power_on (unit);
  return unit;
}

static void
unit_free (Unit *unit)
{
  mf_test_board_free (unit->board);
  g_free (unit);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Unit, unit_free)

/* The console's end. */
typedef struct
{
  MusterNoise *noise;
  guint8       session[8];
} Console;

static void
console_clear (Console *console)
{
  g_clear_pointer (&console->noise, muster_noise_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Console, console_clear)

static int
request (Unit *unit, enum mf_pair_step step, GBytes *body, struct mf_pair_reply *reply)
{
  gsize              size;
  const guint8      *data = g_bytes_get_data (body, &size);
  g_autofree guint8 *copy = g_malloc (size + 1);

  memcpy (copy, data, size);
  mf_pair_request (&unit->device.pair, step, copy, size, reply);
  return reply->status;
}

static GBytes *
make_hello (Console *console, const guint8 *secret)
{
  g_autoptr (GBytes) prologue = muster_pairing_make_prologue (SERIAL);
  g_autoptr (GError) error = NULL;
  GBytes *message;
  guint8  psk[MUSTER_LABEL_PSK_LENGTH];

  console_clear (console);
  muster_label_secret_derive_psk (secret, psk);
  console->noise = muster_noise_new (MUSTER_NOISE_INITIATOR, psk, g_bytes_get_data (prologue, NULL),
                                     g_bytes_get_size (prologue));
  message = muster_noise_write (console->noise, NULL, 0, &error);
  g_assert_no_error (error);
  return message;
}

/* Goes through the first step; returns its status. */
static int
say_hello (Unit *unit, Console *console, const guint8 *secret)
{
  g_autoptr (GBytes) message = make_hello (console, secret), payload = NULL;
  g_autoptr (GError) error = NULL;
  struct mf_pair_reply reply;

  if (request (unit, MF_PAIR_HELLO, message, &reply) != 200)
    return reply.status;
  g_assert_cmpuint (reply.size, ==, 56);
  memcpy (console->session, reply.body, 8);
  payload = muster_noise_read (console->noise, reply.body + 8, reply.size - 8, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (payload), ==, 0);
  return 200;
}

static GBytes *
seal (Console *console, const MfTestCredentials *credentials)
{
  g_autoptr (GBytes) plain = mf_test_credentials_encode (credentials), sealed = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) body = g_byte_array_new ();

  sealed = muster_noise_write (console->noise, g_bytes_get_data (plain, NULL),
                               g_bytes_get_size (plain), &error);
  g_assert_no_error (error);
  g_byte_array_append (body, console->session, 8);
  g_byte_array_append (body, g_bytes_get_data (sealed, NULL), (guint)g_bytes_get_size (sealed));
  return g_byte_array_free_to_bytes (g_steal_pointer (&body));
}

static MusterPairingResult *
read_result (Console *console, const struct mf_pair_reply *reply)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain = muster_noise_read (console->noise, reply->body, reply->size, &error);
  MusterPairingResult *result;

  g_assert_no_error (error);
  result =
    muster_pairing_result_decode (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), &error);
  g_assert_no_error (error);
  return result;
}

/* The whole of it; returns the status of the step that ended it. `trouble` gets the device's words,
 * NULL = ok. */
static int
pair (Unit *unit, const MfTestCredentials *credentials, char **trouble)
{
  g_auto (Console) console = { 0 };
  g_autoptr (GBytes) body = NULL;
  g_autoptr (MusterPairingResult) result = NULL;
  struct mf_pair_reply reply;
  int                  status = say_hello (unit, &console, label_secret);

  if (status != 200)
    return status;
  body = seal (&console, credentials);
  if (request (unit, MF_PAIR_CREDENTIALS, body, &reply) != 200)
    return reply.status;
  result = read_result (&console, &reply);
  g_assert_cmpstr (result->firmware, ==, "1.2.3");
  g_assert_cmpint (result->ok, ==, result->error == NULL || *result->error == '\0');
  if (trouble != NULL)
    *trouble = result->ok ? NULL : g_strdup (result->error);
  return 200;
}

static void
assert_pairs (Unit *unit, const MfTestCredentials *credentials)
{
  g_autofree char *trouble = NULL;

  g_assert_cmpint (pair (unit, credentials, &trouble), ==, 200);
  g_assert_cmpstr (trouble, ==, NULL);
}

static void
test_adopts (void)
{
  g_autoptr (Unit) unit = unit_new ();

  g_assert_false (unit->device.adopted);
  assert_pairs (unit, &mf_test_credentials);
  g_assert_true (unit->device.adopted);
  mf_device_step (&unit->device);
  g_assert_cmpstr (mf_test_board_find (unit->board, MF_TEST_CONNECT, 0)->host, ==, "192.0.2.1");
  g_assert_cmpstr (mf_test_board_find (unit->board, MF_TEST_CONNECT, 0)->login, ==,
                   "node-1 node-1 correct horse  8883");
  g_assert_cmpuint (mf_clock_now (&unit->device.clock), ==, mf_test_credentials.time_ms);
  unit_power_on (unit);
  g_assert_true (unit->device.adopted);
  g_assert_cmpstr (unit->device.credentials.adoption_id, ==, mf_test_credentials.adoption_id);
}

static void
test_wrong_secret (void)
{
  static const guint8 wrong[MF_SECRET_SIZE] = "another's secret";
  g_autoptr (Unit) unit = unit_new ();
  g_auto (Console) console = { 0 };
  struct mf_pair_reply reply;
  g_autoptr (GBytes) message = NULL;

  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (say_hello (unit, &console, wrong), ==, 403);
  /* Five in a row: a second, doubling to five minutes; the right secret has to wait too. */
  for (guint wait = 1; wait < 2000; wait *= 2)
    {
      g_clear_pointer (&message, g_bytes_unref);
      message = make_hello (&console, label_secret);
      g_assert_cmpint (request (unit, MF_PAIR_HELLO, message, &reply), ==, 429);
      g_assert_cmpuint (reply.retry_after_s, ==, MIN (wait, 300));
      unit->board->now_ms += reply.retry_after_s * 1000 - 1;
      g_assert_cmpint (request (unit, MF_PAIR_HELLO, message, &reply), ==, 429);
      g_assert_cmpuint (reply.retry_after_s, ==, 1);
      unit->board->now_ms += 1;
      g_assert_cmpint (say_hello (unit, &console, wrong), ==, 403);
    }
  unit->board->now_ms += 300000;
  assert_pairs (unit, &mf_test_credentials);
}

static void
test_malformed (void)
{
  g_autoptr (Unit) unit = unit_new ();
  g_auto (Console) console = { 0 };
  g_autoptr (GBytes) large =
              g_bytes_new_take (g_malloc0 (MF_PAIR_BODY_MAX + 1), MF_PAIR_BODY_MAX + 1);
  struct mf_pair_reply reply;

  for (gsize size = 0; size < 200; size++)
    {
      g_autoptr (GBytes) body = g_bytes_new_from_bytes (large, 0, size);

      if (size != 48)
        g_assert_cmpint (request (unit, MF_PAIR_HELLO, body, &reply), ==, 400);
      g_assert_cmpint (request (unit, MF_PAIR_CREDENTIALS, body, &reply), ==,
                       size < 24 ? 400 : 410);
    }
  g_assert_cmpint (request (unit, MF_PAIR_CREDENTIALS, large, &reply), ==, 400);
  g_assert_cmpint (say_hello (unit, &console, label_secret), ==,
                   200); /* none of it counted as a wrong secret */
}

static void
test_session (void)
{
  g_autoptr (Unit) unit = unit_new ();
  g_auto (Console) first = { 0 }, second = { 0 };
  g_autoptr (GBytes) body = NULL, late = NULL, new_body = NULL, garbage = NULL;
  struct mf_pair_reply reply;
  guint8               bytes[40] = { 0 };

  g_assert_cmpint (say_hello (unit, &first, label_secret), ==, 200);
  body = seal (&first, &mf_test_credentials);
  g_assert_cmpint (say_hello (unit, &second, label_secret), ==, 200);
  g_assert_cmpint (request (unit, MF_PAIR_CREDENTIALS, body, &reply), ==, 410); /* replaced */
  /* What does not decrypt, or proves nothing, leaves the session as it was. */
  memcpy (bytes, second.session, 8);
  garbage = g_bytes_new (bytes, sizeof bytes);
  g_assert_cmpint (request (unit, MF_PAIR_CREDENTIALS, garbage, &reply), ==, 400);
  g_assert_cmpint (say_hello (unit, &first, (const guint8 *)"another's secret"), ==, 403);
  unit->board->now_ms += MF_PAIR_SESSION_MS;
  late = seal (&second, &mf_test_credentials);
  g_assert_cmpint (request (unit, MF_PAIR_CREDENTIALS, late, &reply), ==, 410);
  g_assert_false (unit->device.adopted);
  g_assert_cmpint (say_hello (unit, &second, label_secret), ==, 200);
  unit->board->now_ms += MF_PAIR_SESSION_MS - 1;
  g_assert_cmpint (request (unit, MF_PAIR_CREDENTIALS, garbage, &reply), ==, 410);
  new_body = seal (&second, &mf_test_credentials);
  g_assert_cmpint (request (unit, MF_PAIR_CREDENTIALS, new_body, &reply), ==, 200);
}

/* Somebody who recorded a pairing plays it back. */
static void
test_replay (void)
{
  g_autoptr (Unit) unit = unit_new ();
  g_auto (Console) console = { 0 };
  g_autoptr (GBytes) hello = make_hello (&console, label_secret), body = NULL, payload = NULL,
                    replayed = NULL;
  struct mf_pair_reply reply;
  guint8               copy[1024];
  gsize                size;

  g_assert_cmpint (request (unit, MF_PAIR_HELLO, hello, &reply), ==, 200);
  memcpy (console.session, reply.body, 8);
  payload = muster_noise_read (console.noise, reply.body + 8, reply.size - 8, NULL);
  body = seal (&console, &mf_test_credentials);
  g_assert_cmpint (request (unit, MF_PAIR_CREDENTIALS, body, &reply), ==, 200);
  mf_device_release (&unit->device);
  g_assert_cmpint (request (unit, MF_PAIR_CREDENTIALS, body, &reply), ==, 410);
  g_assert_cmpint (request (unit, MF_PAIR_HELLO, hello, &reply), ==, 200);
  size = g_bytes_get_size (body);
  memcpy (copy, g_bytes_get_data (body, NULL), size);
  memcpy (copy, reply.body, 8);
  replayed = g_bytes_new (copy, size);
  g_assert_cmpint (request (unit, MF_PAIR_CREDENTIALS, replayed, &reply), ==, 400);
  g_assert_false (unit->device.adopted);
}

/* An answer that got lost: the same request again gets the same answer. */
static void
test_repeated (void)
{
  g_autoptr (Unit) unit = unit_new ();
  g_auto (Console) console = { 0 };
  g_autoptr (GBytes) body = NULL, again = NULL;
  g_autoptr (MusterPairingResult) result = NULL, other = NULL;
  struct mf_pair_reply first, second;

  g_assert_cmpint (say_hello (unit, &console, label_secret), ==, 200);
  body = seal (&console, &mf_test_credentials);
  g_assert_cmpint (request (unit, MF_PAIR_CREDENTIALS, body, &first), ==, 200);
  g_assert_cmpint (request (unit, MF_PAIR_CREDENTIALS, body, &second), ==, 200);
  g_assert_cmpmem (first.body, first.size, second.body, second.size);
  result = read_result (&console, &second);
  g_assert_true (result->ok);
  /* Sealed anew it is the same adoption. */
  again = seal (&console, &mf_test_credentials);
  g_assert_cmpint (request (unit, MF_PAIR_CREDENTIALS, again, &second), ==, 200);
  other = read_result (&console, &second);
  g_assert_true (other->ok);
}

static void
test_adopted (void)
{
  static const guint8 wrong[MF_SECRET_SIZE] = "another's secret";
  g_autoptr (Unit) unit = unit_new ();
  g_auto (Console) console = { 0 };
  MfTestCredentials other = mf_test_credentials, moved = mf_test_credentials;

  other.adoption_id = "0190a5c1-0000-7000-8000-000000000002";
  moved.hosts[0] = "192.0.2.7";
  assert_pairs (unit, &mf_test_credentials);
  unit_power_on (unit);
  assert_pairs (unit, &mf_test_credentials);                    /* a full new handshake */
  g_assert_cmpint (pair (unit, &other, NULL), ==, 409);         /* another adoption */
  g_assert_cmpint (say_hello (unit, &console, wrong), ==, 409); /* not even the secret */
  g_assert_cmpstr (unit->device.credentials.adoption_id, ==, mf_test_credentials.adoption_id);
  assert_pairs (unit, &moved); /* the same adoption, told better */
  g_assert_cmpstr (unit->device.credentials.hosts[0], ==, "192.0.2.7");
  mf_device_release (&unit->device);
  assert_pairs (unit, &other);
}

/* Power fails at any byte of keeping the credentials: the unit is new, or adopted; and the
 * console's next try succeeds. */
static void
test_interrupted (void)
{
  g_autoptr (GBytes) plain = mf_test_credentials_encode (&mf_test_credentials);
  gint64 needs = (gint64)g_bytes_get_size (plain) + 8;

  for (gint64 power = 0; power <= needs; power++)
    {
      g_autoptr (Unit) unit = unit_new ();
      g_autofree char *trouble = NULL;

      unit->board->power = power;
      g_assert_cmpint (pair (unit, &mf_test_credentials, &trouble), ==, 200);
      if (power < needs)
        g_assert_cmpstr (trouble, ==, "the device cannot keep the credentials: no space");
      else
        g_assert_cmpstr (trouble, ==, NULL);
      g_assert_cmpint (unit->device.adopted, ==, power == needs);
      unit_power_on (unit);
      g_assert_cmpint (unit->device.adopted, ==, power == needs);
      assert_pairs (unit, &mf_test_credentials);
      unit_power_on (unit);
      g_assert_true (unit->device.adopted);
    }
}

static void
test_wrong_credentials (void)
{
  static const struct
  {
    gsize       member;
    const char *value;
    const char *trouble;
  } cases[] = {
    { G_STRUCT_OFFSET (MfTestCredentials, adoption_id), NULL, "adoption_id: missing" },
    { G_STRUCT_OFFSET (MfTestCredentials, hosts), NULL, "broker_hosts: missing" },
    { G_STRUCT_OFFSET (MfTestCredentials, username), NULL, "username: missing, or holds + / or #" },
    { G_STRUCT_OFFSET (MfTestCredentials, username), "a/b",
      "username: missing, or holds + / or #" },
    { G_STRUCT_OFFSET (MfTestCredentials, password), NULL, "password: missing" },
    { G_STRUCT_OFFSET (MfTestCredentials, ca), NULL, "ca_certificate: missing" },
    { G_STRUCT_OFFSET (MfTestCredentials, group_id), "#", "group_id: missing, or holds + / or #" },
    { G_STRUCT_OFFSET (MfTestCredentials, host_id), "+", "host_id: holds + / or #" },
    { G_STRUCT_OFFSET (MfTestCredentials, username), "\xFF\xFE", "username: too long" },
  };
  g_autofree char *long_text = g_strnfill (2000, 'c');

  for (guint i = 0; i <= G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Unit) unit = unit_new ();
      g_autofree char  *trouble = NULL;
      MfTestCredentials credentials = mf_test_credentials;

      if (i < G_N_ELEMENTS (cases))
        G_STRUCT_MEMBER (const char *, &credentials, cases[i].member) = cases[i].value;
      else
        credentials.ca = long_text;
      g_assert_cmpint (pair (unit, &credentials, &trouble), ==, 200);
      g_assert_cmpstr (trouble, ==,
                       i < G_N_ELEMENTS (cases) ? cases[i].trouble
                                                : "ca_certificate: no space left for it");
      g_assert_false (unit->device.adopted);
    }
}

static void
test_describes (void)
{
  g_autoptr (Unit) unit = unit_new ();
  g_autoptr (MusterPairingIdentity) read = NULL, adopted = NULL;
  g_autoptr (GError) error = NULL;
  char json[MF_DESCRIPTION_MAX];

  g_assert_true (mf_device_describe (&unit->device, json, sizeof json));
  read = muster_pairing_identity_parse (json, strlen (json), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->serial, ==, SERIAL);
  g_assert_cmpstr (read->name, ==, "Lamp \"one\"");
  g_assert_cmpstr (read->firmware, ==, "1.2.3");
  g_assert_false (read->adopted);
  assert_pairs (unit, &mf_test_credentials);
  g_assert_true (mf_device_describe (&unit->device, json, sizeof json));
  adopted = muster_pairing_identity_parse (json, strlen (json), &error);
  g_assert_no_error (error);
  g_assert_true (adopted->adopted);
  for (gsize size = 0; size <= strlen (json); size++)
    {
      g_autofree char *little = g_malloc0 (size + 1);

      g_assert_false (mf_device_describe (&unit->device, little, size));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pair/adopts", test_adopts);
  g_test_add_func ("/pair/wrong-secret", test_wrong_secret);
  g_test_add_func ("/pair/malformed", test_malformed);
  g_test_add_func ("/pair/session", test_session);
  g_test_add_func ("/pair/replay", test_replay);
  g_test_add_func ("/pair/repeated", test_repeated);
  g_test_add_func ("/pair/adopted", test_adopted);
  g_test_add_func ("/pair/interrupted-at-every-byte", test_interrupted);
  g_test_add_func ("/pair/wrong-credentials", test_wrong_credentials);
  g_test_add_func ("/pair/describes", test_describes);
  return g_test_run ();
}
