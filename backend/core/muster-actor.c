/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-actor"

#include "config.h"

#include <string.h>

#include "muster-actor.h"

struct _MusterActor
{
  MusterActorKind kind;
  char           *id;   /* (owned) */
  char           *name; /* (owned) */
  int             role;
  char           *person_id; /* (owned) (nullable) */
  char           *text;      /* (owned) */
};

G_DEFINE_BOXED_TYPE (MusterActor, muster_actor, muster_actor_ref, muster_actor_unref)

static const char *const prefixes[] = {
  [MUSTER_ACTOR_SYSTEM] = "system", [MUSTER_ACTOR_LOCAL] = "local",
  [MUSTER_ACTOR_TOKEN] = "token",   [MUSTER_ACTOR_PERSON] = "person",
  [MUSTER_ACTOR_DEVICE] = "device", [MUSTER_ACTOR_KEY] = "key",
};

MusterActor *
muster_actor_new (MusterActorKind kind, const char *id, const char *name, int role)
{
  MusterActor *self = NULL;

  g_return_val_if_fail (kind < G_N_ELEMENTS (prefixes), NULL);

  self = g_atomic_rc_box_new0 (MusterActor);
  self->kind = kind;
  self->id = g_strdup (id ? id : "");
  self->name = g_strdup (name ? name : self->id);
  self->role = role;
  if (kind == MUSTER_ACTOR_PERSON)
    self->person_id = g_strdup (self->id);
  /* The site has one access token, so its holder needs no id. */
  if (kind == MUSTER_ACTOR_TOKEN)
    self->text = g_strdup (prefixes[kind]);
  else
    self->text = g_strconcat (prefixes[kind], ":", self->id, NULL);
  return self;
}

MusterActor *
muster_actor_new_key (const char *id, const char *name, int role, const char *person_id)
{
  MusterActor *self = muster_actor_new (MUSTER_ACTOR_KEY, id, name, role);

  if (self != NULL)
    self->person_id = g_strdup (person_id);
  return self;
}

MusterActor *
muster_actor_new_system (const char *service_name)
{
  g_return_val_if_fail (service_name != NULL, NULL);

  return muster_actor_new (MUSTER_ACTOR_SYSTEM, service_name, service_name, 0);
}

MusterActor *
muster_actor_new_from_string (const char *text, int role)
{
  for (size_t i = 0; text != NULL && i < G_N_ELEMENTS (prefixes); i++)
    {
      gsize length = strlen (prefixes[i]);

      if (!g_str_has_prefix (text, prefixes[i]))
        continue;
      if (text[length] == ':')
        return muster_actor_new (i, text + length + 1, NULL, role);
      if (text[length] == '\0')
        return muster_actor_new (i, text, NULL, role);
    }
  return muster_actor_new_system (text != NULL ? text : "unknown");
}

MusterActor *
muster_actor_ref (MusterActor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
muster_actor_clear (gpointer data)
{
  MusterActor *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self->person_id);
  g_free (self->text);
}

void
muster_actor_unref (MusterActor *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, muster_actor_clear);
}

MusterActorKind
muster_actor_get_kind (MusterActor *self)
{
  g_return_val_if_fail (self != NULL, MUSTER_ACTOR_SYSTEM);

  return self->kind;
}

const char *
muster_actor_get_id (MusterActor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->id;
}

const char *
muster_actor_get_name (MusterActor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

int
muster_actor_get_role (MusterActor *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->role;
}

const char *
muster_actor_get_person_id (MusterActor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->person_id;
}

const char *
muster_actor_to_string (MusterActor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}
