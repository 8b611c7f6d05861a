/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-entity"

#include "config.h"

#include <math.h>

#include "muster-entity.h"

typedef struct
{
  MusterValue *values; /* (owned) (array length=info->n_fields) */
} MusterEntityPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (MusterEntity, muster_entity, G_TYPE_OBJECT)

/* One name → position table an info: infos are static, so the tables stay. */
static GHashTable *indexes; /* MusterEntityInfo → (name → position + 1) */
G_LOCK_DEFINE_STATIC (indexes);

static GHashTable *
index_of (const MusterEntityInfo *info)
{
  GHashTable *index;

  G_LOCK (indexes);
  if (indexes == NULL)
    indexes = g_hash_table_new (NULL, NULL);
  index = g_hash_table_lookup (indexes, info);
  if (index == NULL)
    {
      index = g_hash_table_new (g_str_hash, g_str_equal);
      for (unsigned i = 0; i < info->n_fields; i++)
        g_hash_table_insert (index, (gpointer)info->fields[i].name, GUINT_TO_POINTER (i + 1));
      g_hash_table_insert (indexes, (gpointer)info, index);
    }
  G_UNLOCK (indexes);
  return index;
}

int
muster_entity_info_find (const MusterEntityInfo *info, const char *name)
{
  g_return_val_if_fail (info != NULL && name != NULL, -1);

  return GPOINTER_TO_INT (g_hash_table_lookup (index_of (info), name)) - 1;
}

gboolean
muster_field_is_text (const MusterField *field)
{
  return field->type == MUSTER_FIELD_STRING || field->type == MUSTER_FIELD_TEXT ||
         field->type == MUSTER_FIELD_UUID || field->type == MUSTER_FIELD_JSON;
}

static const MusterEntityInfo *
info_of (MusterEntity *self)
{
  return MUSTER_ENTITY_GET_CLASS (self)->info;
}

static MusterValue *
values_of (MusterEntity *self)
{
  return ((MusterEntityPrivate *)muster_entity_get_instance_private (self))->values;
}

void
muster_value_clear (const MusterField *field, MusterValue *value)
{
  g_return_if_fail (field != NULL && value != NULL);

  if (muster_field_is_text (field) && !value->is_null)
    g_free (value->text);
  *value = (MusterValue){ .is_null = TRUE };
}

gboolean
muster_value_equal (const MusterField *field, const MusterValue *a, const MusterValue *b)
{
  if (a->is_null || b->is_null)
    return a->is_null == b->is_null;
  if (muster_field_is_text (field))
    return g_str_equal (a->text, b->text);
  if (field->type == MUSTER_FIELD_DOUBLE)
    return a->number == b->number;
  return a->integer == b->integer;
}

/* What a new record holds: null where that is allowed or nothing else is known, else the table's
 * default. */
static MusterValue
default_value (const MusterField *field)
{
  MusterValue value = { .is_null = TRUE };

  switch (field->type)
    {
    case MUSTER_FIELD_BOOLEAN:
    case MUSTER_FIELD_ENUM:
      value = (MusterValue){ .integer = field->default_value };
      break;
    case MUSTER_FIELD_INTEGER:
    case MUSTER_FIELD_MONEY:
      if (!(field->flags & (MUSTER_FIELD_NULLABLE | MUSTER_FIELD_REQUIRED)))
        value = (MusterValue){ .integer = MAX (field->default_value, field->minimum) };
      break;
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
      if (field->default_text != NULL)
        value = (MusterValue){ .text = (char *)field->default_text };
      break;
    case MUSTER_FIELD_DOUBLE:
      if (!(field->flags & MUSTER_FIELD_REQUIRED))
        value = (MusterValue){ .number = field->default_value };
      break;
    case MUSTER_FIELD_TIME:
    case MUSTER_FIELD_UUID:
    case MUSTER_FIELD_JSON:
    default:
      break;
    }
  if (field->flags & MUSTER_FIELD_NULLABLE)
    value = (MusterValue){ .is_null = TRUE };
  return value;
}

gboolean
muster_field_begins_null (const MusterField *field)
{
  return default_value (field).is_null;
}

static void
muster_entity_finalize (GObject *object)
{
  MusterEntity           *self = MUSTER_ENTITY (object);
  const MusterEntityInfo *info = info_of (self);

  for (unsigned i = 0; i < info->n_fields; i++)
    muster_value_clear (&info->fields[i], &values_of (self)[i]);
  g_free (values_of (self));
  G_OBJECT_CLASS (muster_entity_parent_class)->finalize (object);
}

static void
muster_entity_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MusterEntity      *self = MUSTER_ENTITY (object);
  const MusterField *field = &info_of (self)->fields[prop_id - 1];

  switch (field->type)
    {
    case MUSTER_FIELD_INTEGER:
    case MUSTER_FIELD_MONEY:
    case MUSTER_FIELD_TIME:
      g_value_set_int64 (value, muster_entity_get_integer (self, field->name));
      break;
    case MUSTER_FIELD_DOUBLE:
      g_value_set_double (value, muster_entity_get_double (self, field->name));
      break;
    case MUSTER_FIELD_BOOLEAN:
      g_value_set_boolean (value, muster_entity_get_boolean (self, field->name));
      break;
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
    case MUSTER_FIELD_ENUM:
    case MUSTER_FIELD_UUID:
    case MUSTER_FIELD_JSON:
    default:
      g_value_set_string (value, muster_entity_get_string (self, field->name));
    }
}

static void
muster_entity_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MusterEntity      *self = MUSTER_ENTITY (object);
  const MusterField *field = &info_of (self)->fields[prop_id - 1];

  switch (field->type)
    {
    case MUSTER_FIELD_INTEGER:
    case MUSTER_FIELD_MONEY:
    case MUSTER_FIELD_TIME:
      muster_entity_set_integer (self, field->name, g_value_get_int64 (value));
      break;
    case MUSTER_FIELD_DOUBLE:
      muster_entity_set_double (self, field->name, g_value_get_double (value));
      break;
    case MUSTER_FIELD_BOOLEAN:
      muster_entity_set_boolean (self, field->name, g_value_get_boolean (value));
      break;
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
    case MUSTER_FIELD_ENUM:
    case MUSTER_FIELD_UUID:
    case MUSTER_FIELD_JSON:
    default:
      muster_entity_set_string (self, field->name, g_value_get_string (value));
    }
}

static void
muster_entity_constructed (GObject *object)
{
  MusterEntity           *self = MUSTER_ENTITY (object);
  const MusterEntityInfo *info = info_of (self);
  MusterEntityPrivate    *priv = muster_entity_get_instance_private (self);

  G_OBJECT_CLASS (muster_entity_parent_class)->constructed (object);
  priv->values = g_new (MusterValue, info->n_fields);
  for (unsigned i = 0; i < info->n_fields; i++)
    {
      priv->values[i] = default_value (&info->fields[i]);
      if (!priv->values[i].is_null && muster_field_is_text (&info->fields[i]))
        priv->values[i].text = g_strdup (priv->values[i].text);
    }
}

static void
muster_entity_class_init (MusterEntityClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = muster_entity_constructed;
  object_class->finalize = muster_entity_finalize;
}

static void
muster_entity_init (MusterEntity *self)
{
}

static GParamSpec *
param_spec_for (const MusterField *field)
{
  const GParamFlags flags =
    G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_NICK | G_PARAM_STATIC_BLURB;
  g_autofree char *name = g_strdelimit (g_strdup (field->name), "_", '-');

  switch (field->type)
    {
    case MUSTER_FIELD_INTEGER:
    case MUSTER_FIELD_MONEY:
    case MUSTER_FIELD_TIME:
      return g_param_spec_int64 (name, NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
    case MUSTER_FIELD_DOUBLE:
      return g_param_spec_double (name, NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
    case MUSTER_FIELD_BOOLEAN:
      return g_param_spec_boolean (name, NULL, NULL, FALSE, flags);
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
    case MUSTER_FIELD_ENUM:
    case MUSTER_FIELD_UUID:
    case MUSTER_FIELD_JSON:
    default:
      return g_param_spec_string (name, NULL, NULL, NULL, flags);
    }
}

void
muster_entity_class_set_info (MusterEntityClass *klass, const MusterEntityInfo *info)
{
  g_return_if_fail (klass != NULL && info != NULL && klass->info == NULL);

  klass->info = info;
  klass->properties = g_new0 (GParamSpec *, info->n_fields + 1);
  for (unsigned i = 0; i < info->n_fields; i++)
    klass->properties[i + 1] = param_spec_for (&info->fields[i]);
  G_OBJECT_CLASS (klass)->get_property = muster_entity_get_property;
  G_OBJECT_CLASS (klass)->set_property = muster_entity_set_property;
  g_object_class_install_properties (G_OBJECT_CLASS (klass), info->n_fields + 1, klass->properties);
}

MusterEntity *
muster_entity_new (const MusterEntityInfo *info)
{
  g_return_val_if_fail (info != NULL, NULL);

  return g_object_new (info->get_type (), NULL);
}

MusterEntity *
muster_entity_copy (MusterEntity *self)
{
  const MusterEntityInfo *info;
  MusterEntity           *copy;

  g_return_val_if_fail (MUSTER_IS_ENTITY (self), NULL);

  info = info_of (self);
  copy = muster_entity_new (info);
  for (unsigned i = 0; i < info->n_fields; i++)
    {
      MusterValue *to = &values_of (copy)[i];

      muster_value_clear (&info->fields[i], to);
      *to = values_of (self)[i];
      if (muster_field_is_text (&info->fields[i]) && !to->is_null)
        to->text = g_strdup (to->text);
    }
  return copy;
}

const MusterEntityInfo *
muster_entity_get_info (MusterEntity *self)
{
  g_return_val_if_fail (MUSTER_IS_ENTITY (self), NULL);

  return info_of (self);
}

gboolean
muster_entity_equal (MusterEntity *a, MusterEntity *b)
{
  g_return_val_if_fail (MUSTER_IS_ENTITY (a) && MUSTER_IS_ENTITY (b), FALSE);

  if (info_of (a) != info_of (b))
    return FALSE;
  for (unsigned i = 0; i < info_of (a)->n_fields; i++)
    if (!muster_value_equal (&info_of (a)->fields[i], &values_of (a)[i], &values_of (b)[i]))
      return FALSE;
  return TRUE;
}

const MusterValue *
muster_entity_peek (MusterEntity *self, unsigned index)
{
  g_return_val_if_fail (MUSTER_IS_ENTITY (self), NULL);
  g_return_val_if_fail (index < info_of (self)->n_fields, NULL);

  return &values_of (self)[index];
}

void
muster_entity_take (MusterEntity *self, unsigned index, MusterValue *value)
{
  const MusterField *field;
  MusterValue       *slot;

  g_return_if_fail (MUSTER_IS_ENTITY (self) && value != NULL);
  g_return_if_fail (index < info_of (self)->n_fields);

  field = &info_of (self)->fields[index];
  slot = &values_of (self)[index];
  if (muster_value_equal (field, slot, value))
    {
      muster_value_clear (field, value);
      return;
    }
  muster_value_clear (field, slot);
  *slot = *value;
  *value = (MusterValue){ .is_null = TRUE };
  g_object_notify_by_pspec (G_OBJECT (self), MUSTER_ENTITY_GET_CLASS (self)->properties[index + 1]);
}

/* The slot of FIELD, or NULL with a critical: names are the programmer's. */
static const MusterValue *
slot_of (MusterEntity *self, const char *field, const MusterField **info)
{
  int index = muster_entity_info_find (info_of (self), field);

  if (index < 0)
    {
      g_critical ("%s has no field %s", info_of (self)->name, field);
      return NULL;
    }
  if (info != NULL)
    *info = &info_of (self)->fields[index];
  return &values_of (self)[index];
}

gboolean
muster_entity_is_null (MusterEntity *self, const char *field)
{
  const MusterValue *value;

  g_return_val_if_fail (MUSTER_IS_ENTITY (self), TRUE);

  value = slot_of (self, field, NULL);
  return value == NULL || value->is_null;
}

const char *
muster_entity_get_string (MusterEntity *self, const char *field)
{
  const MusterField *info = NULL;
  const MusterValue *value;

  g_return_val_if_fail (MUSTER_IS_ENTITY (self), NULL);

  value = slot_of (self, field, &info);
  if (value == NULL || value->is_null)
    return NULL;
  if (info->type == MUSTER_FIELD_ENUM)
    return muster_enum_get_nick (info->enumeration, value->integer);
  g_return_val_if_fail (muster_field_is_text (info), NULL);
  return value->text;
}

gint64
muster_entity_get_integer (MusterEntity *self, const char *field)
{
  const MusterField *info = NULL;
  const MusterValue *value;

  g_return_val_if_fail (MUSTER_IS_ENTITY (self), 0);

  value = slot_of (self, field, &info);
  if (value == NULL || value->is_null)
    return 0;
  g_return_val_if_fail (!muster_field_is_text (info) && info->type != MUSTER_FIELD_DOUBLE, 0);
  return value->integer;
}

double
muster_entity_get_double (MusterEntity *self, const char *field)
{
  const MusterField *info = NULL;
  const MusterValue *value;

  g_return_val_if_fail (MUSTER_IS_ENTITY (self), NAN);

  value = slot_of (self, field, &info);
  if (value == NULL || value->is_null)
    return NAN;
  g_return_val_if_fail (info->type == MUSTER_FIELD_DOUBLE, NAN);
  return value->number;
}

gboolean
muster_entity_get_boolean (MusterEntity *self, const char *field)
{
  return muster_entity_get_integer (self, field) != 0;
}

int
muster_entity_get_enum (MusterEntity *self, const char *field)
{
  return muster_entity_get_integer (self, field);
}

const char *
muster_entity_get_id (MusterEntity *self)
{
  return muster_entity_peek (self, MUSTER_ENTITY_FIELD_ID)->text;
}

gint64
muster_entity_get_revision (MusterEntity *self)
{
  const MusterValue *value = muster_entity_peek (self, MUSTER_ENTITY_FIELD_REVISION);

  return value->is_null ? 0 : value->integer;
}

static void
take_by_name (MusterEntity *self, const char *field, MusterValue value)
{
  muster_entity_take (self, muster_entity_info_find (info_of (self), field), &value);
}

void
muster_entity_set_null (MusterEntity *self, const char *field)
{
  g_return_if_fail (MUSTER_IS_ENTITY (self));

  take_by_name (self, field, (MusterValue){ .is_null = TRUE });
}

void
muster_entity_set_string (MusterEntity *self, const char *field, const char *value)
{
  const MusterField *info = NULL;

  g_return_if_fail (MUSTER_IS_ENTITY (self));

  if (slot_of (self, field, &info) == NULL)
    return;
  if (value == NULL)
    muster_entity_set_null (self, field);
  else if (info->type == MUSTER_FIELD_ENUM)
    {
      int parsed = muster_enum_parse (info->enumeration, value);

      g_return_if_fail (parsed >= 0);
      take_by_name (self, field, (MusterValue){ .integer = parsed });
    }
  else
    {
      g_return_if_fail (muster_field_is_text (info));
      take_by_name (self, field, (MusterValue){ .text = g_strdup (value) });
    }
}

void
muster_entity_set_integer (MusterEntity *self, const char *field, gint64 value)
{
  const MusterField *info = NULL;

  g_return_if_fail (MUSTER_IS_ENTITY (self));

  if (slot_of (self, field, &info) == NULL)
    return;
  g_return_if_fail (!muster_field_is_text (info) && info->type != MUSTER_FIELD_DOUBLE);
  take_by_name (self, field, (MusterValue){ .integer = value });
}

void
muster_entity_set_double (MusterEntity *self, const char *field, double value)
{
  const MusterField *info = NULL;

  g_return_if_fail (MUSTER_IS_ENTITY (self));

  if (slot_of (self, field, &info) == NULL)
    return;
  g_return_if_fail (info->type == MUSTER_FIELD_DOUBLE);
  take_by_name (self, field,
                isfinite (value) ? (MusterValue){ .number = value }
                                 : (MusterValue){ .is_null = TRUE });
}

void
muster_entity_set_boolean (MusterEntity *self, const char *field, gboolean value)
{
  muster_entity_set_integer (self, field, !!value);
}

void
muster_entity_set_enum (MusterEntity *self, const char *field, int value)
{
  muster_entity_set_integer (self, field, value);
}
