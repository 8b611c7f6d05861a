/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-announced-units"

#include "config.h"

#include <string.h>

#include "inventory/muster-serials.h"
#include "model/muster-adoption-code.h"
#include "model/muster-delivery-item.h"
#include "model/muster-label-secret.h"
#include "muster-announced-units.h"

static void
announced_unit_free (gpointer data)
{
  MusterAnnouncedUnit *self = data;

  g_free (self->pointer);
  g_free (self->order_item_id);
  g_free (self->device_id);
  g_free (self->serial);
  g_free (self->secret);
  g_free (self->mac);
  g_free (self);
}

GPtrArray *
muster_announced_units_new (void)
{
  return g_ptr_array_new_with_free_func (announced_unit_free);
}

static const MusterField *
find_field (const char *name)
{
  int index = muster_entity_info_find (&muster_delivery_item_info, name);

  return index >= 0 ? &muster_delivery_item_info.fields[index] : NULL;
}

/* The label secret as it is kept, or NULL where TEXT is none. */
static char *
normalize_secret (const char *text)
{
  guint8 secret[MUSTER_LABEL_SECRET_LENGTH];

  return muster_label_secret_parse (text, secret, NULL) ? muster_label_secret_format (secret)
                                                        : NULL;
}

#define SECRET_DAMAGED "is damaged: type the 28 characters of the label again"

/* Whether TEXT has the look of a label secret, damaged or not. */
static gboolean
looks_like_secret (const char *text)
{
  unsigned n = 0;

  for (; *text != '\0'; text++)
    if (g_ascii_isalnum (*text))
      n++;
    else if (*text != '-' && *text != ' ')
      return FALSE;
  return n == MUSTER_LABEL_N_CHARACTERS;
}

/* --- an object --- */

static char **
unit_get_text (MusterAnnouncedUnit *self, const char *name)
{
  const struct
  {
    const char *name;
    char      **text;
  } members[] = {
    { "order_item_id", &self->order_item_id },
    { "device_id", &self->device_id },
    { "serial", &self->serial },
    { "secret", &self->secret },
    { "mac", &self->mac },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (members); i++)
    if (g_str_equal (members[i].name, name))
      return members[i].text;
  return NULL;
}

static void
unit_take_member (MusterAnnouncedUnit *self,
                  const char          *name,
                  JsonNode            *node,
                  MusterFieldErrors   *errors)
{
  g_autofree char *pointer = muster_json_pointer_append (self->pointer, name);
  char           **text = unit_get_text (self, name);
  MusterValue      value = { 0 };

  if (text == NULL && !g_str_equal (name, "quantity"))
    {
      muster_field_errors_add (
        errors, pointer,
        "is not known: order_item_id, device_id, serial, secret, mac, quantity are");
      return;
    }
  if (JSON_NODE_HOLDS_NULL (node) ||
      !muster_field_decode_value (find_field (name), node, pointer, &value, errors))
    return;
  if (text == NULL)
    self->quantity = value.integer;
  else if (text != &self->secret)
    *text = value.text;
  else
    {
      *text = normalize_secret (value.text);
      if (*text == NULL)
        muster_field_errors_add (errors, pointer, SECRET_DAMAGED);
      g_free (value.text);
    }
}

void
muster_announced_units_read_object (GPtrArray         *units,
                                    JsonObject        *object,
                                    const char        *pointer,
                                    MusterFieldErrors *errors)
{
  MusterAnnouncedUnit *unit = NULL;
  JsonObjectIter       iter;
  const char          *name = NULL;
  JsonNode            *node = NULL;

  g_return_if_fail (units != NULL && object != NULL);
  g_return_if_fail (pointer != NULL && errors != NULL);

  unit = g_new0 (MusterAnnouncedUnit, 1);
  unit->pointer = g_strdup (pointer);
  unit->quantity = 1;
  g_ptr_array_add (units, unit);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    unit_take_member (unit, name, node, errors);
}

/* --- a text --- */

typedef struct
{
  GPtrArray         *units;
  char              *highest; /* (owned) (nullable): where `~` goes on */
  guint              number;  /* of the line, from 1 */
  MusterFieldErrors *errors;
} Reader;

static void
refuse_line (Reader *self, const char *detail)
{
  muster_field_errors_add (self->errors, "/text", "line %u: %s", self->number, detail);
}

/* Takes SERIAL, SECRET and MAC. */
static void
add_unit (Reader *self, char *serial, char *secret, char *mac)
{
  MusterAnnouncedUnit *unit = g_new0 (MusterAnnouncedUnit, 1);

  unit->pointer = g_strdup ("/text");
  unit->serial = serial;
  unit->secret = secret;
  unit->mac = mac;
  unit->quantity = 1;
  g_set_str (&self->highest, serial);
  g_ptr_array_add (self->units, unit);
}

static void
read_codes (Reader *self, const char *line)
{
  g_auto (GStrv) codes = g_strsplit_set (line, " \t", -1);

  for (unsigned i = 0; codes[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      char *serial = NULL, *secret = NULL;

      if (*codes[i] == '\0')
        continue;
      if (muster_adoption_code_parse (codes[i], &serial, &secret, &error))
        add_unit (self, serial, secret, NULL);
      else
        refuse_line (self, error->message);
    }
}

static char *
read_mac (const char *text)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  MusterValue value = { 0 };

  return muster_field_decode_text (find_field ("mac"), text, "", &value, errors) && !value.is_null
           ? value.text
           : NULL;
}

/* Whether LINE is a record: some column behind the first is a secret or an address. Then the unit
 * is added. */
static gboolean
read_record (Reader *self, const char *line)
{
  g_auto (GStrv) columns = g_strsplit_set (line, ",;\t", -1);
  g_autofree char *secret = NULL;
  g_autofree char *mac = NULL;
  g_autofree char *serial = NULL;

  for (unsigned i = 0; columns[i] != NULL; i++)
    {
      char *text = g_strstrip (columns[i]);

      if (text[0] == '"' && text[1] != '\0' && text[strlen (text) - 1] == '"')
        {
          text[strlen (text) - 1] = '\0';
          text++;
        }
      if (i == 0)
        serial = g_strdup (text);
      else if (*text != '\0' && secret == NULL && (secret = normalize_secret (text)) != NULL)
        continue;
      else if (looks_like_secret (text))
        {
          refuse_line (self, "its label secret " SECRET_DAMAGED);
          return TRUE;
        }
      else if (*text != '\0' && mac == NULL)
        mac = read_mac (text);
    }
  if (secret == NULL && mac == NULL)
    return FALSE;
  if (serial == NULL || *serial == '\0' || g_utf8_strlen (serial, -1) > MUSTER_SERIAL_MAX_LENGTH)
    refuse_line (self, "the first column must be the serial number, at most 64 characters");
  else
    add_unit (self, g_steal_pointer (&serial), g_steal_pointer (&secret), g_steal_pointer (&mac));
  return TRUE;
}

static void
read_serials (Reader *self, const char *line)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) serials = muster_serials_expand (line, self->highest, 0, "/serials", &error);

  if (serials == NULL)
    {
      refuse_line (self, error->message);
      return;
    }
  for (unsigned i = 0; serials[i] != NULL; i++)
    add_unit (self, g_strdup (serials[i]), NULL, NULL);
}

static gboolean
is_header (const char *line)
{
  return g_ascii_strncasecmp (line, "serial", 6) == 0 &&
         (line[6] == '\0' || strchr (",;\t _", line[6]) != NULL);
}

void
muster_announced_units_read_text (GPtrArray         *units,
                                  const char        *text,
                                  const char        *highest,
                                  MusterFieldErrors *errors)
{
  g_auto (GStrv) lines = NULL;
  Reader reader = { units, g_strdup (highest), 0, errors };

  g_return_if_fail (units != NULL && text != NULL && errors != NULL);

  lines = g_strsplit (text, "\n", -1);
  for (unsigned i = 0; lines[i] != NULL && units->len <= MUSTER_ANNOUNCED_MAX; i++)
    {
      const char *line = g_strstrip (lines[i]);

      reader.number = i + 1;
      if (*line == '\0' || (i == 0 && is_header (line)))
        continue;
      if (muster_adoption_code_is_one (line))
        read_codes (&reader, line);
      else if (!read_record (&reader, line))
        read_serials (&reader, line);
    }
  if (units->len > MUSTER_ANNOUNCED_MAX)
    muster_field_errors_add (errors, "/text", "must be at most %d units", MUSTER_ANNOUNCED_MAX);
  g_free (reader.highest);
}
