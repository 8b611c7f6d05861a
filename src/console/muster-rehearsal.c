/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rehearsal"

#include "config.h"

#include <signal.h>

#include <glib/gstdio.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-discovery.h"
#include "client/muster-api-json.h"
#include "client/muster-api-site.h"
#include "client/muster-fiber.h"
#include "muster-rehearsal.h"

#define N_DEVICES "50"
#define LABELS_TRIES 100 /* of 100 ms */

struct _MusterRehearsal
{
  GObject parent_instance;

  char        *folder; /* (owned) */
  char        *socket; /* (owned) */
  char        *labels; /* (owned) */
  GSubprocess *daemon; /* (owned) (nullable) */
  GSubprocess *fleet;  /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (MusterRehearsal, muster_rehearsal, G_TYPE_OBJECT)

/* Symbolic links are removed, not followed. */
static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/* Both drain within moments; the folder can go only when nobody writes into it any more. */
static void
end (GSubprocess **process)
{
  if (*process == NULL)
    return;
  g_subprocess_wait (*process, NULL, NULL);
  g_clear_object (process);
}

static void
muster_rehearsal_finalize (GObject *object)
{
  MusterRehearsal *self = MUSTER_REHEARSAL (object);

  if (self->fleet != NULL)
    g_subprocess_send_signal (self->fleet, SIGTERM);
  if (self->daemon != NULL)
    g_subprocess_send_signal (self->daemon, SIGTERM);
  end (&self->fleet);
  end (&self->daemon);
  if (self->folder != NULL)
    remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->socket);
  g_free (self->labels);
  G_OBJECT_CLASS (muster_rehearsal_parent_class)->finalize (object);
}

static void
muster_rehearsal_class_init (MusterRehearsalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_rehearsal_finalize;
}

static void
muster_rehearsal_init (MusterRehearsal *self)
{
}

static char *
find_program (const char *variable, const char *name)
{
  const char *program = g_getenv (variable);

  return program != NULL ? g_strdup (program) : g_build_filename (MUSTER_BINDIR, name, NULL);
}

MusterRehearsal *
muster_rehearsal_new (GError **error)
{
  g_autoptr (MusterRehearsal) self = g_object_new (MUSTER_TYPE_REHEARSAL, NULL);
  g_autofree char *daemon = find_program ("MUSTERD", "musterd");
  g_autofree char *fleet = find_program ("MUSTER_FLEET", "muster-fleet");
  g_autofree char *data = NULL;
  g_autofree char *state = NULL;

  self->folder = g_dir_make_tmp ("muster-rehearsal-XXXXXX", error);
  if (self->folder == NULL)
    return NULL;
  self->socket = g_build_filename (self->folder, "api.sock", NULL);
  self->labels = g_build_filename (self->folder, "labels", NULL);
  data = g_build_filename (self->folder, "data", NULL);
  state = g_build_filename (self->folder, "fleet", NULL);
  self->daemon =
    g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, error, daemon, "--headless", "--no-mdns", "--socket",
                      self->socket, "--data-dir", data, "--broker-listen", "127.0.0.1:0", NULL);
  if (self->daemon == NULL)
    return NULL;
  self->fleet = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, error, fleet, N_DEVICES,
                                  "--state-dir", state, "--address", "127.0.0.1", "--no-mdns",
                                  "--no-sync", "--print-labels", self->labels, NULL);
  return self->fleet != NULL ? g_steal_pointer (&self) : NULL;
}

const char *
muster_rehearsal_get_socket (MusterRehearsal *self)
{
  g_return_val_if_fail (MUSTER_IS_REHEARSAL (self), NULL);

  return self->socket;
}

const char *
muster_rehearsal_get_folder (MusterRehearsal *self)
{
  g_return_val_if_fail (MUSTER_IS_REHEARSAL (self), NULL);

  return self->folder;
}

/* LINE: {"serial","name","model","secret","pairing"…}. */
static gboolean
add_device (MusterApiClient *client, const char *line, GError **error)
{
  g_autoptr (JsonNode) node = json_from_string (line, error);
  JsonObject *label = node != NULL ? muster_api_json_as_object (node) : NULL;
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
  static const char *const fields[] = { "name", "serial", "model", "secret" };

  if (label == NULL)
    return node == NULL ? FALSE : TRUE;
  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    muster_entity_set_string (device, fields[i], muster_api_json_get_string (label, fields[i]));
  muster_entity_set_enum (device, "kind", muster_enum_parse (&muster_device_kind_enum, "sensor"));
  return dex_await (muster_api_devices_create (client, MUSTER_DEVICE (device)), error) &&
         dex_await (muster_api_discovery_add_address (client,
                                                      muster_api_json_get_string (label, "pairing"),
                                                      muster_api_json_get_string (label, "name")),
                    error);
}

typedef struct
{
  char            *labels;
  MusterApiClient *client;
} Furnishing;

static void
furnishing_free (gpointer data)
{
  Furnishing *furnishing = data;

  g_free (furnishing->labels);
  g_object_unref (furnishing->client);
  g_free (furnishing);
}

static DexFuture *
muster_rehearsal_furnish_fiber (gpointer user_data)
{
  Furnishing      *furnishing = user_data;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GError *error = NULL;

  for (unsigned i = 0; text == NULL && i < LABELS_TRIES; i++)
    {
      if (g_file_get_contents (furnishing->labels, &text, NULL, NULL) &&
          !g_str_has_suffix (text, "\n"))
        g_clear_pointer (&text, g_free);
      if (text == NULL)
        dex_await (dex_timeout_new_msec (100), NULL);
    }
  /* The daemon may still be on its way up. */
  for (unsigned i = 0; i < LABELS_TRIES; i++)
    {
      if (dex_await (muster_api_site_get (furnishing->client), NULL))
        break;
      dex_await (dex_timeout_new_msec (100), NULL);
    }
  lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (unsigned i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && !add_device (furnishing->client, lines[i], &error))
      {
        g_warning ("the rehearsal site is not complete: %s", error->message);
        return dex_future_new_for_error (error);
      }
  return dex_future_new_true ();
}

DexFuture *
muster_rehearsal_furnish (MusterRehearsal *self, MusterApiClient *client)
{
  Furnishing *furnishing;

  g_return_val_if_fail (MUSTER_IS_REHEARSAL (self), NULL);

  furnishing = g_new0 (Furnishing, 1);
  furnishing->labels = g_strdup (self->labels);
  furnishing->client = g_object_ref (client);
  return muster_fiber_spawn (NULL, 0, muster_rehearsal_furnish_fiber, furnishing, furnishing_free);
}
