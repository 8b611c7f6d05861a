/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-users"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-accounts.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-record.h"
#include "muster-ctl-session.h"

#include "model/muster-error.h"
#include "model/muster-uuid.h"

#define PAGE 1000

static const MusterCtlColumn columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("ROLE"), 0 },
                                           { N_ ("E-MAIL"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("TELEPHONE"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("DISABLED"), 0 },
                                           { N_ ("SIGNED IN"), 0 },
                                           { NULL, 0 } };
static const char *const     fields[] = { "name",     "role",         "email", "phone",
                                          "disabled", "last_sign_in", NULL };

/* The only person whose FIELD is VALUE, or NULL. */
static MusterEntity *
find_by (MusterCtl *ctl, const char *field, const char *value, GError **error)
{
  const char        *filters[] = { field, value, NULL };
  MusterApiListQuery query = { .limit = 2, .filters = filters };
  g_autoptr (MusterApiPage) page =
              dex_await_object (muster_api_users_list (ctl->client, &query), error);

  if (page == NULL || muster_api_page_get_length (page) == 0)
    return NULL;
  if (muster_api_page_get_length (page) == 1)
    return g_object_ref (muster_api_page_get (page, 0));
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               _ ("several people have the name “%s”: give the id or the e-mail address"), value);
  return NULL;
}

/* By id, e-mail address or name, or "me": (transfer full). */
static MusterEntity *
find_person (MusterCtl *ctl, const char *text, GError **error)
{
  MusterEntity *person = NULL;
  g_autoptr (GError) cause = NULL;

  if (g_str_equal (text, "me"))
    return dex_await_object (muster_api_users_get_me (ctl->client), error);
  if (muster_uuid_is_valid (text))
    return dex_await_object (muster_api_users_get (ctl->client, text), error);
  if (strchr (text, ',') == NULL)
    {
      g_autofree char *lower = g_utf8_strdown (text, -1);

      person = strchr (text, '@') != NULL ? find_by (ctl, "email", lower, &cause)
                                          : find_by (ctl, "name", text, &cause);
    }
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  else if (person == NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                 _ ("nobody has the id, e-mail address or name “%s”; musterctl users lists people"),
                 text);
  return person;
}

static void
print_person (MusterCtl *ctl, MusterEntity *person)
{
  if (ctl->json)
    muster_ctl_print_entity (person);
  else
    muster_ctl_print_record (ctl, person);
}

/* PERSON (nullable) is taken. */
static gboolean
report (MusterCtl *ctl, MusterEntity *person, const char *done)
{
  if (person == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_entity (person);
  else
    muster_ctl_print ("%s: %s\n", muster_entity_get_string (person, "name"), done);
  g_object_unref (person);
  return TRUE;
}

/* --- verbs: ARGS are those behind the verb --- */

static gboolean
list (MusterCtl *ctl, char **args, GError **error)
{
  g_auto (GStrv) filters = muster_ctl_read_filters (args, error);
  MusterApiListQuery query = { .sort = "name",
                               .limit = PAGE,
                               .filters = (const char *const *)filters };
  g_autoptr (MusterApiPage) page = NULL;
  g_autoptr (GPtrArray) people = g_ptr_array_new ();

  if (filters == NULL)
    return FALSE;
  page = dex_await_object (muster_api_users_list (ctl->client, &query), error);
  if (page == NULL)
    return FALSE;
  if (ctl->json)
    {
      muster_ctl_print_object (muster_api_page_get_json (page));
      return TRUE;
    }
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    g_ptr_array_add (people, muster_api_page_get (page, i));
  muster_ctl_print_page (ctl, people, columns, fields, _ ("Nobody."));
  if (muster_api_page_get_next (page) != NULL)
    muster_ctl_print (_ ("and more: narrow it down, as in role=customer\n"));
  return TRUE;
}

static gboolean
show (MusterCtl *ctl, char **args, GError **error)
{
  g_autoptr (MusterEntity) person = find_person (ctl, args[0], error);

  if (person != NULL)
    print_person (ctl, person);
  return person != NULL;
}

static JsonObject *
read_changes (char **args, GError **error)
{
  g_autoptr (JsonObject) changes = json_object_new ();

  for (char **arg = args; *arg != NULL; arg++)
    if (!muster_ctl_add_change (&muster_person_info, *arg, changes, error))
      return NULL;
  return g_steal_pointer (&changes);
}

/* A person with an e-mail address can sign in, so a password is asked for; an empty one: none. */
static gboolean
add (MusterCtl *ctl, char **args, GError **error)
{
  g_autoptr (JsonObject) body = read_changes (args + 1, error);
  g_autofree char *password = NULL;
  g_autoptr (MusterEntity) person = NULL;

  if (body == NULL)
    return FALSE;
  json_object_set_string_member (body, "name", args[0]);
  if (json_object_has_member (body, "email"))
    {
      password = muster_ctl_read_secret (_ ("New password (empty: none):"), error);
      if (password == NULL)
        return FALSE;
      if (*password != '\0')
        json_object_set_string_member (body, "password", password);
    }
  person = dex_await_object (muster_api_users_add (ctl->client, g_steal_pointer (&body)), error);
  if (person != NULL)
    print_person (ctl, person);
  return person != NULL;
}

static gboolean
set (MusterCtl *ctl, char **args, GError **error)
{
  g_autoptr (MusterEntity) person = find_person (ctl, args[0], error);
  g_autoptr (JsonObject) changes = person != NULL ? read_changes (args + 1, error) : NULL;

  if (changes == NULL)
    return FALSE;
  return report (ctl,
                 dex_await_object (muster_api_users_update (ctl->client,
                                                            muster_entity_get_id (person),
                                                            g_steal_pointer (&changes),
                                                            muster_entity_get_revision (person)),
                                   error),
                 _ ("changed"));
}

static gboolean
is_me (MusterCtl *ctl, MusterEntity *person)
{
  g_autoptr (MusterEntity) me = dex_await_object (muster_api_users_get_me (ctl->client), NULL);

  return me != NULL && g_str_equal (muster_entity_get_id (me), muster_entity_get_id (person));
}

static gboolean
password (MusterCtl *ctl, char **args, GError **error)
{
  g_autoptr (MusterEntity) person = find_person (ctl, args[0], error);
  g_autofree char *old = NULL;
  g_autofree char *new = NULL;

  if (person == NULL)
    return FALSE;
  if (muster_entity_get_boolean (person, "has_password") && is_me (ctl, person) &&
      (old = muster_ctl_read_secret (_ ("Old password:"), error)) == NULL)
    return FALSE;
  new = muster_ctl_read_secret (_ ("New password (empty: none):"), error);
  if (new == NULL)
    return FALSE;
  return report (ctl,
                 dex_await_object (muster_api_users_set_password (ctl->client,
                                                                  muster_entity_get_id (person),
                                                                  *new != '\0' ? new : NULL, old),
                                   error),
                 *new != '\0' ? _ ("password changed") : _ ("password taken away"));
}

static gboolean
pin (MusterCtl *ctl, char **args, GError **error)
{
  g_autoptr (MusterEntity) person = find_person (ctl, args[0], error);
  g_autofree char *new =
    person != NULL ? muster_ctl_read_secret (_ ("New PIN (empty: none):"), error) : NULL;

  if (new == NULL)
    return FALSE;
  return report (ctl,
                 dex_await_object (muster_api_users_set_pin (ctl->client,
                                                             muster_entity_get_id (person),
                                                             *new != '\0' ? new : NULL),
                                   error),
                 *new != '\0' ? _ ("PIN changed") : _ ("PIN taken away"));
}

static gboolean
badge (MusterCtl *ctl, char **args, GError **error)
{
  g_autoptr (MusterEntity) person = find_person (ctl, args[0], error);
  g_autofree char *new =
    person != NULL ? muster_ctl_read_secret (_ ("Badge (scan it; empty: none):"), error) : NULL;

  if (new == NULL)
    return FALSE;
  return report (ctl,
                 dex_await_object (muster_api_users_set_badge (ctl->client,
                                                               muster_entity_get_id (person),
                                                               *new != '\0' ? new : NULL),
                                   error),
                 *new != '\0' ? _ ("badge changed") : _ ("badge taken away"));
}

static gboolean delete (MusterCtl *ctl, char **args, GError **error)
{
  g_autoptr (MusterEntity) person = find_person (ctl, args[0], error);

  if (person == NULL ||
      !dex_await (muster_api_users_delete (ctl->client, muster_entity_get_id (person),
                                           muster_entity_get_revision (person)),
                  error))
    return FALSE;
  muster_ctl_print (_ ("%s: deleted\n"), muster_entity_get_string (person, "name"));
  return TRUE;
}

typedef struct
{
  const char *name;
  unsigned    minimum; /* arguments behind it */
  gboolean    takes_more;
  gboolean (*run) (MusterCtl *ctl, char **args, GError **error);
} Verb;

static const Verb verbs[] = {
  { "list", 0, TRUE, list },
  { "show", 1, FALSE, show },
  { "add", 1, TRUE, add },
  { "set", 2, TRUE, set },
  { "pin", 1, FALSE, pin },
  { "badge", 1, FALSE, badge },
  { "password", 1, FALSE, password },
  { "delete", 1, FALSE, delete },
};

gboolean
muster_ctl_users_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  unsigned n;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 0, -1, error))
    return FALSE;
  n = g_strv_length (positional);
  if (n == 1 || strchr (positional[1], '=') != NULL)
    return list (ctl, positional + 1, error);
  for (unsigned i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (positional[1], verbs[i].name) && n - 2 >= verbs[i].minimum &&
        (verbs[i].takes_more || n - 2 == verbs[i].minimum))
      return verbs[i].run (ctl, positional + 2, error);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("usage: musterctl %s %s"),
               command->name, command->usage);
  return FALSE;
}
