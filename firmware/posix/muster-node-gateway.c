/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-gateway"

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sodium.h>

#include "muster-node-gateway.h"
#include "muster-node-line.h"

#define KEPT 4096

struct _MusterNodeGateways
{
  struct mf_node             *node;
  MusterNodeFetcher          *fetcher;
  char                       *state_dir; /* (owned) */
  const struct mf_image_keys *trusted;
  void (*woken) (gpointer user_data);
  gpointer    user_data;
  GHashTable *keys;  /* (owned) serial number → (owned) MF_LINK_KEY bytes */
  GPtrArray  *units; /* (owned) element-type Unit, owned */
};

typedef struct
{
  MusterNodeGateways *owner;
  MusterNodeLine     *line; /* (owned) */
  char               *address;
  struct mf_gateway   gateway;
  struct mf_sample    samples[KEPT];
  MusterNodeFetch    *fetch; /* (nullable) */
  GByteArray         *out;   /* (owned): of the frame that is being sent */
  char               *alien; /* (owned) (nullable): serial number that was told to have no key */
  gboolean            is_born;
} Unit;

static void
unit_free (Unit *self)
{
  g_clear_pointer (&self->fetch, muster_node_fetch_stop);
  muster_node_line_free (self->line);
  sodium_memzero (&self->gateway, sizeof self->gateway);
  g_byte_array_unref (self->out);
  g_free (self->address);
  g_free (self->alien);
  g_free (self);
}

/* A frame goes out in one piece: it comes from the core by its runs, and ends with a zero. */
static void
unit_send (void *user, const uint8_t *bytes, size_t size)
{
  Unit *self = user;

  if (size == 0)
    return;
  g_byte_array_append (self->out, bytes, (guint)size);
  if (bytes[size - 1] != 0)
    return;
  muster_node_line_send (self->line, self->out->data, self->out->len);
  g_byte_array_set_size (self->out, 0);
}

static bool
unit_key (void *user, struct mf_bytes serial, uint8_t key[MF_LINK_KEY])
{
  Unit            *self = user;
  g_autofree char *text = g_strndup ((const char *)serial.data, serial.size);
  const guint8    *known = g_hash_table_lookup (self->owner->keys, text);

  if (known != NULL)
    {
      memcpy (key, known, MF_LINK_KEY);
      return true;
    }
  if (g_strcmp0 (self->alien, text) == 0)
    return false;
  if (*text != '\0')
    g_message ("%s: %s: there is no key for this unit", self->address, text);
  else
    g_message ("%s: the unit has no serial number yet", self->address);
  g_free (self->alien);
  self->alien = g_steal_pointer (&text);
  return false;
}

static void
unit_piece_cb (gpointer user_data, struct mf_bytes bytes)
{
  mf_gateway_feed (&((Unit *)user_data)->gateway, bytes);
}

static void
unit_fetched_cb (gpointer user_data, enum mf_fetch_result result, const char *why)
{
  Unit *self = user_data;

  self->fetch = NULL;
  if (result != MF_FETCH_WHOLE)
    g_message ("%s: the file does not come: %s", self->address, why);
  mf_gateway_fetched (&self->gateway, result);
  self->owner->woken (self->owner->user_data);
}

static bool
unit_fetch (void *user, const char *url, uint32_t offset, uint32_t size)
{
  static const MusterNodeFetchEvents events = { unit_piece_cb, unit_fetched_cb };
  Unit                              *self = user;
  const struct mf_credentials       *site = self->owner->node->credentials;
  MusterNodeFetchHow                 how = { url, "", { NULL, 0 }, offset, size };

  if (site == NULL)
    return false;
  how.tls_name = site->tls_name;
  how.ca.data = site->ca;
  how.ca.size = site->ca_size;
  self->fetch = muster_node_fetcher_start (self->owner->fetcher, &how, &events, self);
  return self->fetch != NULL;
}

static void
unit_fetch_stop (void *user)
{
  g_clear_pointer (&((Unit *)user)->fetch, muster_node_fetch_stop);
}

/* Where what must outlive this process is kept, of an update: (transfer full). */
static char *
unit_dup_kept_path (Unit *self)
{
  g_autofree char *line = g_uri_escape_string (self->address, NULL, FALSE);
  g_autofree char *file = g_strconcat (line, ".unit-update", NULL);

  return g_build_filename (self->owner->state_dir, file, NULL);
}

static void
unit_keep (void *user, const void *bytes, size_t size)
{
  Unit            *self = user;
  g_autofree char *path = unit_dup_kept_path (self);
  g_autoptr (GError) error = NULL;

  if (size == 0)
    g_unlink (path);
  else if (!g_file_set_contents_full (path, bytes, (gssize)size,
                                      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                      0600, &error))
    g_message ("%s: the update is not kept over a restart: %s", self->address, error->message);
}

static void
unit_take_up (Unit *self)
{
  g_autofree char *path = unit_dup_kept_path (self);
  g_autofree char *content = NULL;
  struct mf_bytes  kept = { 0 };

  if (!g_file_get_contents (path, &content, &kept.size, NULL))
    return;
  kept.data = (const guint8 *)content;
  g_message ("%s: goes on with an update", self->address);
  mf_gateway_take_up (&self->gateway, kept);
}

static const struct mf_gateway_ops gateway_ops = { unit_send, unit_key, unit_fetch, unit_fetch_stop,
                                                   unit_keep };

static void
unit_came_cb (gpointer user_data, const guint8 *bytes, gsize size)
{
  Unit *self = user_data;

  mf_gateway_bytes (&self->gateway, bytes, size);
  self->owner->woken (self->owner->user_data);
}

static void
unit_opened_cb (gpointer user_data)
{
  Unit *self = user_data;

  mf_gateway_line_opened (&self->gateway);
  self->owner->woken (self->owner->user_data);
}

static void
unit_lost_cb (gpointer user_data)
{
  Unit *self = user_data;

  mf_gateway_line_lost (&self->gateway);
  self->owner->woken (self->owner->user_data);
}

static const MusterNodeLineEvents line_events = { unit_opened_cb, unit_came_cb, unit_lost_cb };

static void
device_command (void *user, struct mf_bytes device, struct mf_bytes payload)
{
  MusterNodeGateways *self = user;

  for (guint i = 0; i < self->units->len; i++)
    if (mf_gateway_command (&((Unit *)g_ptr_array_index (self->units, i))->gateway, device,
                            payload))
      return;
  self->node->refused++;
}

MusterNodeGateways *
muster_node_gateways_new (struct mf_node             *node,
                          MusterNodeFetcher          *fetcher,
                          const char                 *state_dir,
                          const struct mf_image_keys *trusted,
                          void (*woken) (gpointer user_data),
                          gpointer user_data)
{
  MusterNodeGateways *self = g_new0 (MusterNodeGateways, 1);

  self->node = node;
  self->fetcher = fetcher;
  self->state_dir = g_strdup (state_dir);
  self->trusted = trusted;
  self->woken = woken;
  self->user_data = user_data;
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->units = g_ptr_array_new_with_free_func ((GDestroyNotify)unit_free);
  return self;
}

void
muster_node_gateways_free (MusterNodeGateways *self)
{
  g_ptr_array_unref (self->units);
  g_hash_table_unref (self->keys);
  g_free (self->state_dir);
  g_free (self);
}

/* "SERIAL KEY"; FALSE: it is none. */
static gboolean
take_key (MusterNodeGateways *self, const char *line)
{
  g_auto (GStrv) words = g_strsplit_set (line, " \t", 0);
  const char *found[3] = { NULL };
  guint       n = 0;
  guint8      key[MF_LINK_KEY];
  gsize       size = 0;

  for (guint i = 0; words[i] != NULL && n < G_N_ELEMENTS (found); i++)
    if (*words[i] != '\0')
      found[n++] = words[i];
  if (n == 0)
    return TRUE;
  if (n != 2 || strlen (found[0]) > MF_LINK_SERIAL_MAX || strlen (found[1]) != 2 * sizeof key ||
      sodium_hex2bin (key, sizeof key, found[1], 2 * sizeof key, NULL, &size, NULL) != 0 ||
      size != sizeof key)
    return FALSE;
  g_hash_table_insert (self->keys, g_strdup (found[0]), g_memdup2 (key, sizeof key));
  sodium_memzero (key, sizeof key);
  return TRUE;
}

gboolean
muster_node_gateways_load_keys (MusterNodeGateways *self, const char *path, GError **error)
{
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &content, NULL, error))
    return FALSE;
  lines = g_strsplit (content, "\n", 0);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *end = strpbrk (lines[i], "#\r");

      if (end != NULL)
        *end = '\0';
      if (take_key (self, lines[i]))
        continue;
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s: line %u: must be a serial number of at most %u bytes and a key of 64 "
                   "hexadecimal digits",
                   path, i + 1, MF_LINK_SERIAL_MAX);
      return FALSE;
    }
  return TRUE;
}

gboolean
muster_node_gateways_add (MusterNodeGateways *self, const char *address, GError **error)
{
  Unit *unit = g_new0 (Unit, 1);

  unit->owner = self;
  unit->address = g_strdup (address);
  unit->out = g_byte_array_new ();
  mf_gateway_init (&unit->gateway, &gateway_ops, unit, self->node, unit->samples, KEPT);
  mf_gateway_trust (&unit->gateway, self->trusted);
  unit->line = muster_node_line_new (address, &line_events, unit, error);
  if (unit->line != NULL)
    {
      unit_take_up (unit);
      g_ptr_array_add (self->units, unit);
      return TRUE;
    }
  g_byte_array_unref (unit->out);
  g_free (unit->address);
  g_free (unit);
  return FALSE;
}

void
muster_node_gateways_attach (MusterNodeGateways *self)
{
  self->node->device_command = device_command;
  self->node->device_user = self;
}

static guint32
unit_step (Unit *self)
{
  guint32  wait = mf_gateway_step (&self->gateway);
  gboolean is_born = mf_gateway_is_born (&self->gateway);

  if (is_born != self->is_born)
    g_message ("%s: %s is %s", self->address, self->gateway.texts.serial,
               is_born ? "there" : "gone");
  self->is_born = is_born;
  return wait;
}

guint32
muster_node_gateways_step (MusterNodeGateways *self)
{
  guint32 wait = 1000;

  for (guint i = 0; i < self->units->len; i++)
    wait = MIN (wait, unit_step (g_ptr_array_index (self->units, i)));
  return wait;
}
