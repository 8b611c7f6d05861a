/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-test-site"

#include "config.h"

#include "messaging/muster-broker.h"
#include "muster-test-site.h"

static gboolean
get_facts (MusterBrokerFacts *facts, gpointer user_data, GError **error)
{
  MusterTestSite *self = user_data;
  static GBytes  *certificate = NULL;

  if (self->broker_down)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                   "the site's broker is not running");
      return FALSE;
    }
  if (certificate == NULL)
    certificate = g_bytes_new_static ("\x30\x82", 2);
  facts->hosts = g_strsplit ("192.0.2.1,hall.local", ",", -1);
  facts->port = 8883;
  facts->ca_der = certificate;
  facts->ca_pem = "-----BEGIN CERTIFICATE-----";
  facts->tls_name = "muster-1f0c2ab93d44";
  return TRUE;
}

static DexFuture *
set_accounts (GPtrArray *accounts, gpointer user_data)
{
  MusterTestSite *self = user_data;

  self->n_projections++;
  if (self->broker_down)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "the broker is down");
  g_hash_table_remove_all (self->accounts);
  for (guint i = 0; i < accounts->len; i++)
    {
      MusterBrokerAccount *account = accounts->pdata[i];

      g_hash_table_insert (self->accounts, g_strdup (account->username),
                           g_strdup (account->password_hash));
    }
  return dex_future_new_true ();
}

static DexFuture *
release (const char *group_id, const char *node_id, gpointer user_data)
{
  MusterTestSite *self = user_data;

  if (!self->node_online)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "the device is offline");
  self->n_released++;
  return dex_future_new_true ();
}

static DexFuture *
write_metric (const char         *group_id,
              const char         *node_id,
              const char         *device,
              const char         *metric,
              const MusterSample *value,
              gint64              timeout,
              gpointer            user_data)
{
  MusterTestSite *self = user_data;

  g_string_append_printf (self->written, "%s/%s/%s %s=", group_id, node_id,
                          device != NULL ? device : "", metric);
  muster_sample_encode_value (value, self->written);
  g_string_append_c (self->written, ';');
  if (self->write_error != NULL)
    return dex_future_new_for_error (g_error_copy (self->write_error));
  return self->write_answer != NULL ? dex_ref (self->write_answer) : dex_future_new_true ();
}

static DexFuture *
rebirth (const char *group_id, const char *node_id, gpointer user_data)
{
  ((MusterTestSite *)user_data)->n_rebirths++;
  return dex_future_new_true ();
}

static void
forget (const char *group_id, const char *node_id, gpointer user_data)
{
  ((MusterTestSite *)user_data)->n_forgotten++;
}

const MusterDeviceLinks muster_test_links = {
  .get_facts = get_facts,
  .set_accounts = set_accounts,
  .release = release,
  .write = write_metric,
  .rebirth = rebirth,
  .forget = forget,
};

static MusterCandidate *
find_candidate (const char *key, const char *device_id, gpointer user_data)
{
  MusterTestSite *self = user_data;
  const char *matched = muster_device_registry_find_by_serial (self->registry, MUSTER_TEST_SERIAL);

  if (self->candidate_gone || (key != NULL && !g_str_equal (key, MUSTER_TEST_KEY)) ||
      (key == NULL && g_strcmp0 (device_id, matched) != 0))
    return NULL;
  return g_object_ref (self->candidate);
}

static void
start (MusterTestSite *self)
{
  MusterDeviceServiceOptions options = {
    .group_id = "hall-3",
    .host_id = "console",
    .links = &muster_test_links,
    .links_data = self,
    .fetch = MUSTER_HTTP_FETCH (self->device),
  };

  self->database = muster_test_database_new (self->dir, self->clock, self->bus);
  self->repository = muster_repository_new (self->database);
  self->registry = muster_device_registry_new (self->repository, self->bus, self->clock);
  self->service =
    muster_device_service_new (self->repository, self->bus, self->clock, self->registry, &options);
  muster_device_service_set_find_candidate (self->service, find_candidate, self, NULL);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->registry)));
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->service)));
}

static void
stop (MusterTestSite *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->service)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->registry)));
  g_clear_object (&self->service);
  g_clear_object (&self->registry);
  g_clear_object (&self->repository);
  g_clear_pointer (&self->database, muster_test_database_free);
}

MusterTestSite *
muster_test_site_new (void)
{
  MusterTestSite *self = g_new0 (MusterTestSite, 1);

  self->dir = muster_test_dir_new ();
  self->clock = muster_clock_new ();
  self->bus = muster_bus_new ();
  self->device = muster_test_device_new (MUSTER_TEST_SERIAL);
  self->actor = muster_actor_new (MUSTER_ACTOR_LOCAL, "operator", "Operator", 0);
  self->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->written = g_string_new (NULL);
  self->candidate = MUSTER_CANDIDATE (muster_entity_new (&muster_candidate_info));
  muster_entity_set_string (MUSTER_ENTITY (self->candidate), "key", MUSTER_TEST_KEY);
  muster_entity_set_string (MUSTER_ENTITY (self->candidate), "name", "muster-node-117");
  muster_entity_set_string (MUSTER_ENTITY (self->candidate), "kind", "sensor");
  muster_entity_set_string (MUSTER_ENTITY (self->candidate), "serial", MUSTER_TEST_SERIAL);
  muster_entity_set_string (MUSTER_ENTITY (self->candidate), "manufacturer", "Acme");
  muster_entity_set_string (MUSTER_ENTITY (self->candidate), "pairing_address", "192.0.2.7:8080");
  start (self);
  return self;
}

void
muster_test_site_restart (MusterTestSite *self)
{
  stop (self);
  start (self);
}

void
muster_test_site_free (MusterTestSite *self)
{
  stop (self);
  g_clear_object (&self->device);
  g_clear_object (&self->candidate);
  g_clear_object (&self->bus);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_pointer (&self->accounts, g_hash_table_unref);
  g_clear_pointer (&self->dir, muster_test_dir_free);
  g_clear_error (&self->write_error);
  dex_clear (&self->write_answer);
  g_string_free (self->written, TRUE);
  g_free (self);
}

char *
muster_test_site_add_device (MusterTestSite *self, const char *name, const char *serial)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
  g_autoptr (MusterEntity) stored = NULL;

  muster_entity_set_string (device, "name", name);
  muster_entity_set_string (device, "serial", serial);
  stored =
    dex_await_object (muster_repository_insert (self->repository, self->actor, "Add", device),
                      NULL);
  g_assert_nonnull (stored);
  return g_strdup (muster_entity_get_id (stored));
}

MusterEntity *
muster_test_site_get_device (MusterTestSite *self, const char *id)
{
  g_autoptr (GError) error = NULL;
  MusterEntity *device =
    dex_await_object (muster_repository_get (self->repository, &muster_device_info, id), &error);

  g_assert_no_error (error);
  return device;
}

GPtrArray *
muster_test_site_list (MusterTestSite *self, const MusterEntityInfo *info)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);
  g_autoptr (GError) error = NULL;
  GPtrArray *records = NULL;

  muster_query_set_limit (query, 0);
  records = dex_await_boxed (muster_repository_select (self->repository, query), &error);
  g_assert_no_error (error);
  return records;
}

void
muster_test_site_settle (MusterTestSite *self)
{
  for (unsigned i = 0; i < 10; i++)
    muster_test_sleep (5);
}
