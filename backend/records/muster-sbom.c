/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sbom"

#include "config.h"

#include <string.h>

#include "core/http/muster-json-body.h"
#include "model/muster-error.h"
#include "muster-sbom-private.h"

/* How much of its beginning says what a file is. */
#define HEAD_BYTES 65536
#define SPDX_TAG "SPDXVersion:"
#define SPDX_PREFIX "SPDX-"

static void
component_free (gpointer data)
{
  MusterSbomComponent *self = data;

  g_free (self->name);
  g_free (self->version);
  g_free (self->licence);
  g_free (self->package_url);
  g_free (self);
}

static void
sbom_clear (gpointer data)
{
  MusterSbom *self = data;

  g_free (self->format);
  g_ptr_array_unref (self->components);
}

MusterSbom *
muster_sbom_ref (MusterSbom *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

void
muster_sbom_unref (MusterSbom *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, sbom_clear);
}

G_DEFINE_BOXED_TYPE (MusterSbom, muster_sbom, muster_sbom_ref, muster_sbom_unref)

gboolean
muster_sbom_refuse (GError **error, const char *format, ...)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autofree char *detail = NULL;
  va_list          args;

  va_start (args, format);
  detail = g_strdup_vprintf (format, args);
  va_end (args);
  muster_field_errors_add (errors, "/file", "%s", detail);
  return muster_field_errors_check (errors, error);
}

void
muster_sbom_set (char **field, const char *text)
{
  if (text == NULL || *text == '\0' || strcmp (text, "NOASSERTION") == 0 ||
      strcmp (text, "NONE") == 0)
    return;
  g_free (*field);
  *field = g_utf8_make_valid (text, strnlen (text, MUSTER_SBOM_MAX_TEXT));
}

MusterSbomComponent *
muster_sbom_add (MusterSbom *self, const char *name, GError **error)
{
  MusterSbomComponent *component = NULL;
  unsigned             number = self->components->len + 1;

  if (number > MUSTER_SBOM_MAX_COMPONENTS)
    {
      muster_sbom_refuse (error, "has more than %d components: split it",
                          MUSTER_SBOM_MAX_COMPONENTS);
      return NULL;
    }
  if (name == NULL || *name == '\0')
    {
      muster_sbom_refuse (error, "has no name for its component %u: make it anew", number);
      return NULL;
    }
  component = g_new0 (MusterSbomComponent, 1);
  component->name = g_utf8_make_valid (name, strnlen (name, MUSTER_SBOM_MAX_TEXT));
  g_ptr_array_add (self->components, component);
  return component;
}

gboolean
muster_sbom_set_spdx (MusterSbom *self, const char *version, GError **error)
{
  if (version == NULL || !g_str_has_prefix (version, SPDX_PREFIX "2.") || strlen (version) > 16)
    return muster_sbom_refuse (error, "is of a version of SPDX that is not read: export SPDX 2.3");
  g_free (self->format);
  self->format = g_strdup_printf ("SPDX %s", version + strlen (SPDX_PREFIX));
  return TRUE;
}

/* --- JSON --- */

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* NULL into ARRAY where OBJECT has none. */
static gboolean
read_array (JsonObject *object, const char *name, JsonArray **array, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  *array = get_array (object, name);
  return *array != NULL || node == NULL || JSON_NODE_HOLDS_NULL (node) ||
         muster_sbom_refuse (error, "has %s that are no list: make it anew", name);
}

static JsonObject *
get_element (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* The licences of a component of CycloneDX, as one expression. */
static void
read_licences (MusterSbomComponent *component, JsonArray *licences)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; licences != NULL && i < json_array_get_length (licences); i++)
    {
      JsonObject *choice = get_element (licences, i);
      JsonObject *licence = choice != NULL ? get_object (choice, "license") : NULL;
      const char *one = choice != NULL ? get_text (choice, "expression") : NULL;

      if (one == NULL && licence != NULL)
        one =
          get_text (licence, "id") != NULL ? get_text (licence, "id") : get_text (licence, "name");
      if (one != NULL && text->len < MUSTER_SBOM_MAX_TEXT)
        g_string_append_printf (text, "%s%.*s", text->len > 0 ? " AND " : "", MUSTER_SBOM_MAX_TEXT,
                                one);
    }
  muster_sbom_set (&component->licence, text->str);
}

/* Nested no deeper than the JSON may be. */
static gboolean
read_cyclonedx_components (MusterSbom *self, JsonArray *components, GError **error)
{
  for (guint i = 0; components != NULL && i < json_array_get_length (components); i++)
    {
      JsonObject          *object = get_element (components, i);
      const char          *name = object != NULL ? get_text (object, "name") : NULL;
      const char          *group = object != NULL ? get_text (object, "group") : NULL;
      g_autofree char     *full = name != NULL && group != NULL && *group != '\0'
                                    ? g_strdup_printf ("%s/%s", group, name)
                                    : g_strdup (name);
      MusterSbomComponent *component = muster_sbom_add (self, full, error);
      JsonArray           *nested = NULL;

      if (component == NULL || !read_array (object, "components", &nested, error))
        return FALSE;
      muster_sbom_set (&component->version, get_text (object, "version"));
      muster_sbom_set (&component->package_url, get_text (object, "purl"));
      read_licences (component, get_array (object, "licenses"));
      if (!read_cyclonedx_components (self, nested, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_cyclonedx (MusterSbom *self, JsonObject *object, GError **error)
{
  const char *version = get_text (object, "specVersion");
  JsonArray  *components = NULL;

  if (version == NULL || !g_str_has_prefix (version, "1.") || strlen (version) > 8)
    return muster_sbom_refuse (error, "is of a version of CycloneDX that is not read: specVersion "
                                      "must be 1.2 to 1.x");
  self->format = g_strdup_printf ("CycloneDX %s", version);
  return read_array (object, "components", &components, error) &&
         read_cyclonedx_components (self, components, error);
}

static const char *
find_package_url (JsonObject *package)
{
  JsonArray *references = get_array (package, "externalRefs");

  for (guint i = 0; references != NULL && i < json_array_get_length (references); i++)
    {
      JsonObject *reference = get_element (references, i);

      if (reference != NULL && g_strcmp0 (get_text (reference, "referenceType"), "purl") == 0)
        return get_text (reference, "referenceLocator");
    }
  return NULL;
}

static gboolean
read_spdx (MusterSbom *self, JsonObject *object, GError **error)
{
  JsonArray *packages = NULL;

  if (!muster_sbom_set_spdx (self, get_text (object, "spdxVersion"), error) ||
      !read_array (object, "packages", &packages, error))
    return FALSE;
  for (guint i = 0; packages != NULL && i < json_array_get_length (packages); i++)
    {
      JsonObject          *package = get_element (packages, i);
      MusterSbomComponent *component =
        muster_sbom_add (self, package != NULL ? get_text (package, "name") : NULL, error);

      if (component == NULL)
        return FALSE;
      muster_sbom_set (&component->version, get_text (package, "versionInfo"));
      muster_sbom_set (&component->licence, get_text (package, "licenseDeclared"));
      muster_sbom_set (&component->licence, get_text (package, "licenseConcluded"));
      muster_sbom_set (&component->package_url, find_package_url (package));
    }
  return TRUE;
}

static gboolean
read_json (MusterSbom *self, const char *text, gsize length, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, length);
  g_autoptr (JsonNode) node = muster_json_body_parse (bytes, &reason);
  JsonObject *object =
    node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  if (node == NULL)
    return muster_sbom_refuse (error, "is a bill of materials that cannot be read: %s",
                               reason->message);
  if (object != NULL && g_strcmp0 (get_text (object, "bomFormat"), "CycloneDX") == 0)
    return read_cyclonedx (self, object, error);
  if (object != NULL && json_object_has_member (object, "spdxVersion"))
    return read_spdx (self, object, error);
  if (object != NULL && json_object_has_member (object, "@context"))
    return muster_sbom_set_spdx (self, NULL, error);
  return muster_sbom_refuse (error, "is no bill of materials: CycloneDX as JSON, or SPDX 2 as JSON "
                                    "or tags and values");
}

/* --- what it is --- */

static const char *
skip_space (const char *text, const char *end)
{
  if (end - text >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    text += 3;
  while (text < end && g_ascii_isspace (*text))
    text++;
  return text;
}

/* Lines before the first tag are comments. */
static gboolean
has_spdx_tag (const char *text, gsize length)
{
  for (const char *at = text; at != NULL && at < text + length;)
    {
      gsize left = text + length - at;

      if (left >= strlen (SPDX_TAG) && memcmp (at, SPDX_TAG, strlen (SPDX_TAG)) == 0)
        return TRUE;
      if (*at != '#' && *at != '\r' && *at != '\n')
        return FALSE;
      at = memchr (at, '\n', left);
      at = at != NULL ? at + 1 : NULL;
    }
  return FALSE;
}

gboolean
muster_sbom_is_one (const char *text, gsize length)
{
  static const char *const marks[] = { "\"CycloneDX\"", "\"spdxVersion\"", "//spdx.org/rdf/3" };
  const char              *start = NULL;
  gsize                    left;

  g_return_val_if_fail (text != NULL || length == 0, FALSE);

  if (length == 0)
    return FALSE;
  start = skip_space (text, text + length);
  left = MIN ((gsize)(text + length - start), HEAD_BYTES);
  if (left == 0 || *start != '{')
    return has_spdx_tag (start, left);
  for (unsigned i = 0; i < G_N_ELEMENTS (marks); i++)
    if (memmem (start, left, marks[i], strlen (marks[i])) != NULL)
      return TRUE;
  return FALSE;
}

MusterSbom *
muster_sbom_read (const char *text, gsize length, GError **error)
{
  g_autoptr (MusterSbom) self = g_atomic_rc_box_new0 (MusterSbom);
  const char *start = NULL;
  gsize       left;
  gboolean    read;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  self->components = g_ptr_array_new_with_free_func (component_free);
  if (length > MUSTER_SBOM_MAX_BYTES)
    {
      muster_sbom_refuse (error, "is larger than %d bytes, up to which bills of materials are read",
                          MUSTER_SBOM_MAX_BYTES);
      return NULL;
    }
  start = length > 0 ? skip_space (text, text + length) : text;
  left = length > 0 ? (gsize)(text + length - start) : 0;
  read = left > 0 && *start == '{' ? read_json (self, start, left, error)
                                   : muster_sbom_read_tags (self, start, left, error);
  return read ? g_steal_pointer (&self) : NULL;
}
