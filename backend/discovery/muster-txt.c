/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-txt"

#include "config.h"

#include <string.h>

#include "model/muster-entity.h"
#include "muster-txt.h"

typedef struct
{
  char    *key;    /* (owned): lower case */
  guint8  *value;  /* (owned) (nullable): NUL follows the bytes */
  gsize    length; /* of the value */
  gboolean is_text;
} Entry;

struct _MusterTxt
{
  GArray *entries; /* (element-type Entry) */
  gsize   bytes;
};

G_DEFINE_BOXED_TYPE (MusterTxt, muster_txt, muster_txt_ref, muster_txt_unref)

static void
entry_clear (gpointer data)
{
  Entry *entry = data;

  g_free (entry->key);
  g_free (entry->value);
}

static void
muster_txt_clear (gpointer data)
{
  MusterTxt *self = data;

  g_array_unref (self->entries);
}

MusterTxt *
muster_txt_new (void)
{
  MusterTxt *self = g_atomic_rc_box_new0 (MusterTxt);

  self->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);
  return self;
}

MusterTxt *
muster_txt_ref (MusterTxt *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
muster_txt_unref (MusterTxt *self)
{
  g_atomic_rc_box_release_full (self, muster_txt_clear);
}

static const Entry *
find (MusterTxt *self, const char *key)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);

      if (g_ascii_strcasecmp (entry->key, key) == 0)
        return entry;
    }
  return NULL;
}

static gboolean
is_key (const guint8 *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (text[i] < 0x20 || text[i] > 0x7e)
      return FALSE;
  return length > 0;
}

static gboolean
is_text (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] < 0x20 || bytes[i] == 0x7f)
      return FALSE;
  return g_utf8_validate_len ((const char *)bytes, length, NULL);
}

gboolean
muster_txt_add (MusterTxt *self, const guint8 *entry, gsize length)
{
  g_autofree char *key = NULL;
  const guint8    *equals;
  gsize            key_length;
  Entry            new_entry = { 0 };

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (entry != NULL || length == 0, FALSE);

  if (length == 0 || length > 255 || self->entries->len >= MUSTER_TXT_MAX_ENTRIES ||
      self->bytes + length > MUSTER_TXT_MAX_BYTES)
    return FALSE;
  equals = memchr (entry, '=', length);
  key_length = equals != NULL ? (gsize)(equals - entry) : length;
  if (!is_key (entry, key_length))
    return FALSE;
  key = g_ascii_strdown ((const char *)entry, key_length);
  if (find (self, key) != NULL)
    return FALSE;
  new_entry.key = g_steal_pointer (&key);
  if (equals != NULL)
    {
      new_entry.length = length - key_length - 1;
      new_entry.value = g_malloc0 (new_entry.length + 1);
      memcpy (new_entry.value, equals + 1, new_entry.length);
      new_entry.is_text = is_text (new_entry.value, new_entry.length);
    }
  g_array_append_val (self->entries, new_entry);
  self->bytes += length;
  return TRUE;
}

gboolean
muster_txt_set (MusterTxt *self, const char *key, const char *value)
{
  g_autofree char *entry = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (key != NULL && strchr (key, '=') == NULL, FALSE);

  entry = value != NULL ? g_strconcat (key, "=", value, NULL) : g_strdup (key);
  return muster_txt_add (self, (const guint8 *)entry, strlen (entry));
}

MusterTxt *
muster_txt_new_from_wire (const guint8 *data, gsize length, GError **error)
{
  g_autoptr (MusterTxt) self = muster_txt_new ();
  gsize at = 0;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  while (at < length)
    {
      gsize entry_length = data[at++];

      if (entry_length > length - at)
        {
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                       "TXT entry at byte %zu claims %zu bytes of %zu left", at - 1, entry_length,
                       length - at);
          return NULL;
        }
      muster_txt_add (self, data + at, entry_length);
      at += entry_length;
    }
  return g_steal_pointer (&self);
}

gboolean
muster_txt_has (MusterTxt *self, const char *key)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  return find (self, key) != NULL;
}

const char *
muster_txt_get_text (MusterTxt *self, const char *key)
{
  const Entry *entry;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != NULL, NULL);

  entry = find (self, key);
  return entry != NULL && entry->is_text && entry->length > 0 ? (const char *)entry->value : NULL;
}

const guint8 *
muster_txt_get_bytes (MusterTxt *self, const char *key, gsize *length)
{
  const Entry *entry;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (length != NULL, NULL);

  entry = find (self, key);
  *length = entry != NULL ? entry->length : 0;
  return entry != NULL ? entry->value : NULL;
}

unsigned
muster_txt_get_count (MusterTxt *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->entries->len;
}

const char *
muster_txt_get_key (MusterTxt *self, unsigned index)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (index < self->entries->len, NULL);

  return g_array_index (self->entries, Entry, index).key;
}

gboolean
muster_txt_equal (MusterTxt *a, MusterTxt *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (a->entries->len != b->entries->len)
    return FALSE;
  for (guint i = 0; i < a->entries->len; i++)
    {
      const Entry *mine = &g_array_index (a->entries, Entry, i);
      const Entry *other = find (b, mine->key);

      if (other == NULL || mine->length != other->length ||
          (mine->value == NULL) != (other->value == NULL) ||
          (mine->length > 0 && memcmp (mine->value, other->value, mine->length) != 0))
        return FALSE;
    }
  return TRUE;
}

static void
append_hex (GString *json, const guint8 *bytes, gsize length)
{
  g_string_append (json, "\"0x");
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (json, "%02x", bytes[i]);
  g_string_append_c (json, '"');
}

void
muster_txt_encode (MusterTxt *self, GString *json)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (json != NULL);

  g_string_append_c (json, '{');
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);

      if (i > 0)
        g_string_append_c (json, ',');
      muster_json_append_string (json, entry->key, -1);
      g_string_append_c (json, ':');
      if (entry->value == NULL || entry->is_text)
        muster_json_append_string (json, entry->value != NULL ? (const char *)entry->value : "",
                                   entry->length);
      else
        append_hex (json, entry->value, entry->length);
    }
  g_string_append_c (json, '}');
}
