/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mf_proto.h"
#include "mf-test-board.h"
#include "muster-node-crypto.h"

const struct mf_metric_info mf_test_infos[MF_TEST_N_METRICS] = {
  [MF_TEST_TEMPERATURE] = { .name = "Sensor/Temperature",
                            .type = MF_TYPE_FLOAT,
                            .unit = "°C",
                            .has_range = true,
                            .low = -40,
                            .high = 125,
                            .deadband = 0.1,
                            .keeps = true,
                            .period_ms = 1000,
                            .channel = MF_TEST_TEMPERATURE },
  [MF_TEST_RELAY] = { .name = "Output/Relay",
                      .type = MF_TYPE_BOOLEAN,
                      .writable = true,
                      .has_safe = true,
                      .fall_back_s = 300,
                      .channel = MF_TEST_RELAY },
  [MF_TEST_LEVEL] = { .name = "Output/Level",
                      .type = MF_TYPE_INT32,
                      .unit = "%",
                      .has_range = true,
                      .low = -100,
                      .high = 100,
                      .writable = true,
                      .has_safe = true,
                      .safe = -5,
                      .channel = MF_TEST_LEVEL },
  [MF_TEST_NOTE] = { .name = "Output/Note",
                     .type = MF_TYPE_STRING,
                     .writable = true,
                     .channel = MF_TEST_NOTE },
  [MF_TEST_SERIAL] = { .name = "Properties/Serial Number",
                       .type = MF_TYPE_STRING,
                       .channel = MF_TEST_SERIAL },
};

const MfTestCredentials mf_test_credentials = {
  .adoption_id = "0190a5c1-0000-7000-8000-000000000001",
  .hosts = { "192.0.2.1", NULL },
  .port = 8883,
  .username = "node-1",
  .password = "correct horse",
  .ca = "not looked into here",
  .group_id = "plant",
  .time_ms = 1700000000000,
};

static void
entry_free (MfTestEntry *entry)
{
  g_free (entry->topic);
  g_clear_pointer (&entry->payload, g_bytes_unref);
  g_free (entry->host);
  g_free (entry->login);
  g_free (entry);
}

static MfTestEntry *
add_entry (MfTestBoard *self, MfTestAct act, const char *topic, struct mf_bytes payload)
{
  MfTestEntry *entry = g_new0 (MfTestEntry, 1);

  entry->act = act;
  entry->topic = g_strdup (topic);
  entry->payload = g_bytes_new (payload.data, payload.size);
  g_ptr_array_add (self->log, entry);
  return entry;
}

static uint64_t
board_monotonic_ms (void *user)
{
  return ((MfTestBoard *)user)->now_ms;
}

static bool
board_wall_ms (void *user, uint64_t *utc_ms)
{
  *utc_ms = ((MfTestBoard *)user)->wall_ms;
  return *utc_ms != 0;
}

static bool
board_connect (void *user, const struct mf_connect *how)
{
  MfTestBoard *self = user;
  MfTestEntry *entry = add_entry (self, MF_TEST_CONNECT, how->will_topic, how->will);

  entry->host = g_strdup (how->host);
  entry->login = g_strdup_printf ("%s %s %s %s %u", how->client_id, how->username, how->password,
                                  how->tls_name, how->port);
  return !self->refuse_connect;
}

static bool
board_subscribe (void *user, const char *topic, int qos)
{
  add_entry (user, MF_TEST_SUBSCRIBE, topic, (struct mf_bytes){ 0 })->qos = qos;
  return true;
}

static bool
board_publish (void *user, const char *topic, struct mf_bytes payload, int qos, bool retain)
{
  MfTestBoard *self = user;
  MfTestEntry *entry;

  if (self->refuse_publish)
    return false;
  entry = add_entry (self, MF_TEST_PUBLISH, topic, payload);
  entry->qos = qos;
  entry->retain = retain;
  return true;
}

static void
board_disconnect (void *user)
{
  add_entry (user, MF_TEST_DISCONNECT, NULL, (struct mf_bytes){ 0 });
}

static bool
board_store_read (void *user, unsigned page, size_t offset, void *data, size_t size)
{
  MfTestBoard *self = user;

  g_assert_cmpuint (page, <, 2);
  g_assert_cmpuint (offset + size, <=, MF_TEST_PAGE);
  memcpy (data, self->flash[page] + offset, size);
  return true;
}

/* How many of `size` bytes still get power. */
static size_t
spend (MfTestBoard *self, size_t size)
{
  if (self->dark)
    return 0;
  if (self->power < 0)
    return size;
  if ((gint64)size > self->power)
    {
      size = (size_t)self->power;
      self->dark = TRUE;
    }
  self->power -= (gint64)size;
  return size;
}

static bool
board_store_write (void *user, unsigned page, size_t offset, const void *data, size_t size)
{
  MfTestBoard  *self = user;
  const guint8 *bytes = data;
  size_t        written = spend (self, size);

  g_assert_cmpuint (page, <, 2);
  g_assert_cmpuint (offset + size, <=, MF_TEST_PAGE);
  for (size_t i = 0; i < written; i++)
    {
      g_assert_cmphex (self->flash[page][offset + i], ==, 0xFF); /* once between erasures */
      self->flash[page][offset + i] = bytes[i];
    }
  return written == size && !self->dark;
}

static bool
board_store_erase (void *user, unsigned page)
{
  MfTestBoard *self = user;
  size_t       erased = spend (self, MF_TEST_PAGE);

  memset (self->flash[page], 0xFF, erased);
  return erased == MF_TEST_PAGE && !self->dark;
}

static void
board_reset (void *user, enum mf_reset_cause cause)
{
  add_entry (user, MF_TEST_RESET, NULL, (struct mf_bytes){ 0 })->qos = (int)cause;
}

static enum mf_reset_cause
board_reset_cause (void *user)
{
  return MF_RESET_POWER_ON;
}

static void
board_watchdog (void *user)
{
  ((MfTestBoard *)user)->watchdogs++;
}

static bool
board_read (void *user, unsigned channel, union mf_value *value)
{
  MfTestBoard *self = user;

  switch (channel)
    {
    case MF_TEST_TEMPERATURE:
      value->f = self->temperature;
      return !self->broken;
    case MF_TEST_RELAY:
      value->b = self->relay;
      return true;
    case MF_TEST_LEVEL:
      value->i = self->level;
      return true;
    case MF_TEST_NOTE:
      value->s = self->note;
      return true;
    default:
      value->s = "S-1";
      return true;
    }
}

static bool
board_write (void *user, unsigned channel, const union mf_value *value)
{
  MfTestBoard *self = user;

  if (channel == MF_TEST_RELAY)
    self->relay = value->b;
  else if (channel == MF_TEST_LEVEL)
    self->level = value->i;
  else
    g_strlcpy (self->note, value->s, sizeof self->note);
  return true;
}

static void
board_identify (void *user, bool on)
{
  ((MfTestBoard *)user)->identifying = on;
}

static struct mf_port_ops board_ops = {
  .monotonic_ms = board_monotonic_ms,
  .wall_ms = board_wall_ms,
  .connect = board_connect,
  .subscribe = board_subscribe,
  .publish = board_publish,
  .disconnect = board_disconnect,
  .store_read = board_store_read,
  .store_write = board_store_write,
  .store_erase = board_store_erase,
  .reset = board_reset,
  .reset_cause = board_reset_cause,
  .watchdog = board_watchdog,
  .read = board_read,
  .write = board_write,
  .identify = board_identify,
};

static void (*system_random) (void *user, void *out, size_t size);

static void
board_random (void *user, void *out, size_t size)
{
  MfTestBoard *self = user;
  g_autoptr (GBytes) given = g_queue_pop_head (&self->random);

  if (given == NULL)
    {
      system_random (user, out, size);
      return;
    }
  g_assert_cmpuint (g_bytes_get_size (given), ==, size);
  memcpy (out, g_bytes_get_data (given, NULL), size);
}

MfTestBoard *
mf_test_board_new (void)
{
  MfTestBoard *self = g_new0 (MfTestBoard, 1);

  muster_node_crypto_fill (&board_ops);
  system_random = board_ops.random;
  board_ops.random = board_random;
  self->port = (struct mf_port){ &board_ops, self, MF_TEST_PAGE };
  memset (self->flash, 0xFF, sizeof self->flash);
  self->power = -1;
  self->now_ms = 5000;
  self->temperature = 20;
  self->log = g_ptr_array_new_with_free_func ((GDestroyNotify)entry_free);
  g_queue_init (&self->random);
  return self;
}

void
mf_test_board_free (MfTestBoard *self)
{
  g_queue_clear_full (&self->random, (GDestroyNotify)g_bytes_unref);
  g_ptr_array_unref (self->log);
  g_free (self);
}

GBytes *
mf_test_credentials_encode (const MfTestCredentials *credentials)
{
  guint8           buffer[8192];
  struct mf_writer writer;

  mf_writer_init (&writer, buffer, sizeof buffer);
  if (credentials->adoption_id != NULL)
    mf_write_text (&writer, 1, credentials->adoption_id);
  for (guint i = 0; i < G_N_ELEMENTS (credentials->hosts) && credentials->hosts[i] != NULL; i++)
    mf_write_text (&writer, 3, credentials->hosts[i]);
  if (credentials->port != 0)
    mf_write_uint (&writer, 4, credentials->port);
  if (credentials->username != NULL)
    mf_write_text (&writer, 5, credentials->username);
  if (credentials->password != NULL)
    mf_write_text (&writer, 6, credentials->password);
  if (credentials->ca != NULL)
    mf_write_text (&writer, 7, credentials->ca);
  if (credentials->group_id != NULL)
    mf_write_text (&writer, 8, credentials->group_id);
  if (credentials->host_id != NULL)
    mf_write_text (&writer, 9, credentials->host_id);
  if (credentials->time_ms != 0)
    mf_write_uint (&writer, 10, credentials->time_ms);
  g_assert_false (writer.full);
  return g_bytes_new (buffer, writer.used);
}

const MfTestEntry *
mf_test_board_find (MfTestBoard *self, MfTestAct act, int nth)
{
  int n = nth < 0 ? (int)mf_test_board_count (self, act) + nth : nth;

  for (guint i = 0; i < self->log->len; i++)
    {
      const MfTestEntry *entry = g_ptr_array_index (self->log, i);

      if (entry->act == act && n-- == 0)
        return entry;
    }
  return NULL;
}

guint
mf_test_board_count (MfTestBoard *self, MfTestAct act)
{
  guint count = 0;

  for (guint i = 0; i < self->log->len; i++)
    count += ((MfTestEntry *)g_ptr_array_index (self->log, i))->act == act;
  return count;
}

guint
mf_test_board_count_topic (MfTestBoard *self, const char *part)
{
  guint count = 0;

  for (guint i = 0; i < self->log->len; i++)
    {
      const MfTestEntry *entry = g_ptr_array_index (self->log, i);

      count += entry->act == MF_TEST_PUBLISH && strstr (entry->topic, part) != NULL;
    }
  return count;
}

void
mf_test_board_clear (MfTestBoard *self)
{
  g_ptr_array_set_size (self->log, 0);
}
