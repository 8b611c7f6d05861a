/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mf-fuzz.h"
#include "mf-test-board.h"
#include "muster-node-pairing.h"

static const struct mf_identity identity = { "S-1", "020000000001", "MN-1", "1", "1", "Unit" };
static const guint8             label_secret[MF_SECRET_SIZE] = "a label's secret";

typedef struct
{
  MfTestBoard     *board;
  struct mf_device device;
  struct mf_metric metrics[MF_TEST_N_METRICS];
  struct mf_sample samples[4];
  guint8           tx[4096];
} Unit;

static void
start (Unit *unit)
{
  memset (unit->metrics, 0, sizeof unit->metrics);
  if (!mf_device_init (&unit->device, &unit->board->port, &identity))
    g_error ("the flash cannot be used");
  mf_device_set_metrics (&unit->device, mf_test_infos, unit->metrics, MF_TEST_N_METRICS,
                         unit->samples, 4, unit->tx, sizeof unit->tx);
}

/* An adopted unit, its node born; or, where the site has a primary host, about to. */
static void
bring_online (Unit *unit, const char *host_id)
{
  MfTestCredentials credentials = mf_test_credentials;
  g_autoptr (GBytes) encoded = NULL;
  struct mf_bytes bytes = { 0 };

  credentials.host_id = host_id;
  encoded = mf_test_credentials_encode (&credentials);
  bytes.data = g_bytes_get_data (encoded, &bytes.size);
  start (unit);
  mf_device_set_secret (&unit->device, label_secret);
  mf_device_start (&unit->device);
  mf_device_adopt (&unit->device, bytes);
  mf_device_step (&unit->device);
  mf_node_connected (&unit->device.node);
  mf_node_subscribed (&unit->device.node, true);
  mf_node_subscribed (&unit->device.node, true);
}

static void
tell_node (struct mf_bytes bytes)
{
  Unit unit = { .board = mf_test_board_new () };

  bring_online (&unit, NULL);
  mf_node_message (&unit.device.node, "spBv1.0/plant/NCMD/node-1", bytes);
  mf_device_step (&unit.device);
  unit.board->now_ms += 1000;
  mf_device_step (&unit.device);
  mf_device_release (&unit.device);
  bring_online (&unit, "site");
  mf_node_message (&unit.device.node, "spBv1.0/STATE/site", bytes);
  mf_device_step (&unit.device);
  mf_test_board_free (unit.board);
}

static void
pair (const uint8_t *data, size_t size)
{
  Unit                 unit = { .board = mf_test_board_new () };
  g_autofree guint8   *body = g_memdup2 (data, size);
  struct mf_pair_reply reply;

  start (&unit);
  mf_device_set_secret (&unit.device, label_secret);
  mf_device_start (&unit.device);
  mf_pair_request (&unit.device.pair, MF_PAIR_HELLO, body, size, &reply);
  mf_pair_request (&unit.device.pair, MF_PAIR_CREDENTIALS, body, size, &reply);
  mf_test_board_free (unit.board);
}

/* A flash that holds anything: it starts, and what it is told to keep it keeps. */
static void
start_from (const uint8_t *data, size_t size)
{
  Unit   unit = { .board = mf_test_board_new () };
  guint8 secret[MF_SECRET_SIZE];

  memcpy (unit.board->flash[0], data, MIN (size, MF_TEST_PAGE));
  if (size > MF_TEST_PAGE)
    memcpy (unit.board->flash[1], data + MF_TEST_PAGE, MIN (size - MF_TEST_PAGE, MF_TEST_PAGE));
  start (&unit);
  if (mf_device_set_secret (&unit.device, label_secret) &&
      (!mf_device_secret (&unit.device, secret) ||
       memcmp (secret, label_secret, sizeof secret) != 0))
    g_error ("the flash forgot");
  mf_test_board_free (unit.board);
}

int
mf_fuzz (const uint8_t *data, size_t size)
{
  g_autofree uint8_t *own =
    g_memdup2 (data, size); /* of just that size: what reads beyond is found */
  g_autofree char      *text = g_strndup ((const char *)data, size);
  struct mf_bytes       bytes = { own, size };
  struct mf_credentials credentials;
  guint8                secret[MF_SECRET_SIZE];
  g_autoptr (MfTestBoard) board = mf_test_board_new ();
  gboolean expects;

  tell_node (bytes);
  pair (data, size);
  start_from (data, size);
  mf_credentials_read (&credentials, bytes);
  mf_label_parse (&board->port, text, secret);
  muster_node_pairing_parse_head (text, strlen (text), &expects);
  return 0;
}
