/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-error.h"
#include "muster-router-private.h"

#define UUID "01890a5d-ac96-774b-bcce-b302099a8057"

static const MusterRoute routes[] = {
  { .method = "GET", .path = "/devices/", .operation = "listDevices" },
  { .method = "POST", .path = "/devices/", .operation = "createDevice" },
  { .method = "GET", .path = "/devices/ids", .operation = "listDeviceIds" },
  { .method = "GET", .path = "/devices/{id:uuid}", .operation = "getDevice" },
  { .method = "PUT", .path = "/devices/{id:uuid}", .operation = "updateDevice" },
  { .method = "POST", .path = "/devices/{id:uuid}/adopt", .operation = "adoptDevice" },
  { .method = "POST", .path = "/journal/{sequence:integer}/undo", .operation = "undo" },
  { .method = "POST", .path = "/discovery/scan", .operation = "scan" },
  { .method = "POST", .path = "/discovery/{key}/ignore", .operation = "ignore" },
  { .method = "GET", .path = "/discovery/{key}", .operation = "getCandidate" },
};

typedef struct
{
  const char *method;
  const char *path;
  const char *operation; /* or NULL */
  const char *allow;     /* or NULL */
} MatchCase;

static const MatchCase match_cases[] = {
  { "GET", "/devices/", "listDevices" },
  { "GET", "/devices", "listDevices" },
  { "HEAD", "/devices", "listDevices" },
  { "POST", "/devices", "createDevice" },
  { "GET", "/devices/ids", "listDeviceIds" },
  { "GET", "/devices/ids/", "listDeviceIds" },
  { "GET", "/devices/" UUID, "getDevice" },
  { "PUT", "/devices/" UUID "/", "updateDevice" },
  { "POST", "/devices/" UUID "/adopt", "adoptDevice" },
  { "POST", "/journal/12/undo", "undo" },
  { "POST", "/discovery/scan", "scan" },
  { "POST", "/discovery/scan/ignore", "ignore" },
  { "POST", "/discovery/mac%3Aaa%2Fb/ignore", "ignore" },
  { "GET", "/discovery/serial:7", "getCandidate" },
  { "DELETE", "/devices/" UUID, NULL, "GET, HEAD, PUT, OPTIONS" },
  { "GET", "/discovery/scan", NULL, "POST, OPTIONS" },
  { "OPTIONS", "/devices/", NULL, "GET, HEAD, POST, OPTIONS" },
  { "GET", "/devices/x", NULL, NULL },
  { "GET", "/devices/" UUID "0", NULL, NULL },
  { "GET", "/devices/" UUID "/adopt/now", NULL, NULL },
  { "POST", "/journal/x/undo", NULL, NULL },
  { "POST", "/journal/99999999999999999999/undo", NULL, NULL },
  { "GET", "/", NULL, NULL },
  { "GET", "/Devices/", NULL, NULL },
};

static void
test_match (gconstpointer data)
{
  const MatchCase *match = data;
  g_autoptr (MusterRouter) router = muster_router_new ();
  g_auto (MusterPath) path = { NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char        *allow = NULL;
  const MusterRouteEntry *entry;

  muster_router_add (router, routes, G_N_ELEMENTS (routes), NULL);
  muster_path_parse (&path, match->path, &error);
  g_assert_no_error (error);
  entry = muster_router_match (router, match->method, &path, &allow);
  g_assert_cmpstr (entry != NULL ? entry->route->operation : NULL, ==, match->operation);
  g_assert_cmpstr (allow, ==, match->allow);
}

static void
test_user_data (void)
{
  MusterRouter *router = muster_router_new ();
  GObject      *object = g_object_new (G_TYPE_OBJECT, NULL);
  g_auto (MusterPath) path = { NULL };
  g_autofree char *allow = NULL;

  muster_router_add (router, routes, G_N_ELEMENTS (routes), object);
  muster_path_parse (&path, "/devices/" UUID "/adopt", NULL);
  g_assert_true (muster_router_match (router, "POST", &path, &allow)->user_data == object);
  g_assert_cmpuint (muster_router_get_entries (router)->len, ==, G_N_ELEMENTS (routes));
  g_assert_finalize_object (router);
  g_assert_finalize_object (object);
}

typedef struct
{
  const char *path;
  int         code; /* of MUSTER_ERROR, or -1 */
  const char *joined;
} PathCase;

static const PathCase path_cases[] = {
  { "/", -1, "" },
  { "/a/b", -1, "a|b" },
  { "/a/b/", -1, "a|b" },
  { "/a%2Fb/c", -1, "a/b|c" },
  { "/%C3%BC", -1, "ü" },
  { "/a+b", -1, "a+b" },
  { "/..%2f..", -1, "../.." },
  { "a", MUSTER_ERROR_MALFORMED },
  { "", MUSTER_ERROR_MALFORMED },
  { "/%", MUSTER_ERROR_MALFORMED },
  { "/%4", MUSTER_ERROR_MALFORMED },
  { "/%zz", MUSTER_ERROR_MALFORMED },
  { "/a%00b", MUSTER_ERROR_MALFORMED },
  { "/%ff", MUSTER_ERROR_MALFORMED },
  { "//", MUSTER_ERROR_NOT_FOUND },
  { "/a//b", MUSTER_ERROR_NOT_FOUND },
  { "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", MUSTER_ERROR_NOT_FOUND },
};

static void
test_path (gconstpointer data)
{
  const PathCase *path_case = data;
  g_auto (MusterPath) path = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) joined = g_string_new (NULL);
  gboolean ok = muster_path_parse (&path, path_case->path, &error);

  if (path_case->code >= 0)
    {
      g_assert_false (ok);
      g_assert_error (error, MUSTER_ERROR, path_case->code);
      return;
    }
  g_assert_no_error (error);
  for (unsigned i = 0; i < path.n_segments; i++)
    g_string_append_printf (joined, "%s%s", i > 0 ? "|" : "", path.segments[i]);
  g_assert_cmpstr (joined->str, ==, path_case->joined);
}

static void
test_path_length (void)
{
  g_autofree char *text = g_strnfill (MUSTER_PATH_MAX_LENGTH + 1, 'a');
  g_auto (MusterPath) path = { NULL };
  g_autoptr (GError) error = NULL;

  text[0] = '/';
  g_assert_false (muster_path_parse (&path, text, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
  g_clear_error (&error);
  text[MUSTER_PATH_MAX_LENGTH] = '\0';
  g_assert_true (muster_path_parse (&path, text, &error));
  g_assert_no_error (error);
}

static void
test_query_string (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) params =
              muster_query_string_parse ("a=1&b=x%20y+z&&c&d=%C3%BC&e==", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (params), ==, 5);
  g_assert_cmpstr (g_hash_table_lookup (params, "a"), ==, "1");
  g_assert_cmpstr (g_hash_table_lookup (params, "b"), ==, "x y z");
  g_assert_cmpstr (g_hash_table_lookup (params, "c"), ==, "");
  g_assert_cmpstr (g_hash_table_lookup (params, "d"), ==, "ü");
  g_assert_cmpstr (g_hash_table_lookup (params, "e"), ==, "=");
}

static void
test_query_string_refused (void)
{
  static const char *const malformed[] = { "=1", "a=%", "a=%0", "a=%00", "%ff=1", "a=%fe" };
  g_autoptr (GString) many = g_string_new ("a");
  g_autofree char *longest = g_strnfill (MUSTER_QUERY_MAX_LENGTH + 1, 'a');
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_assert_null (muster_query_string_parse (malformed[i], &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
      g_clear_error (&error);
    }
  for (unsigned i = 0; i < MUSTER_QUERY_MAX_PARAMS; i++)
    g_string_append_printf (many, "&p%u", i);
  g_assert_null (muster_query_string_parse (many->str, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (muster_query_string_parse (longest, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (muster_query_string_parse ("a=1&a=2", &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
  g_assert_cmpstr (((MusterFieldError *)muster_error_get_fields (error)->pdata[0])->pointer, ==,
                   "a");
}

/* What the daemon must not start with. */
static void
test_rights (void)
{
  static const MusterRoute good[] = {
    { "GET", "/devices", "listDevices", "test", "", NULL },
    { "POST", "/monitoring/data", "storeSamples", "test", "", NULL, MUSTER_ROUTE_DEVICE },
    { "GET", "/health/live", "getLiveness", "test", "", NULL, MUSTER_ROUTE_PUBLIC },
  };
  static const struct
  {
    MusterRoute route;
    const char *message;
  } bad[] = {
    { { "GET", "/moon", "flyToTheMoon", "test", "", NULL },
      "*flyToTheMoon (GET /moon) has no row*" },
    { { "GET", "/a", "getDevice", "test", "", NULL, MUSTER_ROUTE_PUBLIC },
      "*getDevice (GET /a) and MUSTER_ROUTE_PUBLIC disagree*" },
    { { "GET", "/b", "getReadiness", "test", "", NULL }, "*getReadiness*disagree*" },
    { { "GET", "/c", "getDevice", "test", "", NULL, MUSTER_ROUTE_DEVICE }, "*getDevice*devices*" },
  };
  g_autoptr (MusterRouter) router = muster_router_new ();
  g_autoptr (GError) none = NULL;

  muster_router_add (router, good, G_N_ELEMENTS (good), NULL);
  g_assert_true (muster_router_check_rights (router, &none));
  g_assert_no_error (none);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (MusterRouter) other = muster_router_new ();
      g_autoptr (GError) error = NULL;

      muster_router_add (other, &bad[i].route, 1, NULL);
      g_assert_false (muster_router_check_rights (other, &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED);
      g_assert_true (g_pattern_match_simple (bad[i].message, error->message));
    }
}

/* Whatever bytes come, parsing and matching end, and a path that is taken has decoded, non-empty
 * segments. */
static void
test_mutations (void)
{
  static const char *const seeds[] = { "/devices/" UUID "/adopt", "/discovery/mac%3Aaa%2Fb/ignore",
                                       "/journal/12/undo", "a=1&b=x%20y+z&c" };
  g_autoptr (MusterRouter) router = muster_router_new ();

  muster_router_add (router, routes, G_N_ELEMENTS (routes), NULL);
  for (unsigned i = 0; i < 20000; i++)
    {
      g_autofree char *text = g_strdup (seeds[i % G_N_ELEMENTS (seeds)]);
      gsize            length = strlen (text);
      g_auto (MusterPath) path = { NULL };
      g_autofree char *allow = NULL;
      g_autoptr (GHashTable) params = NULL;

      for (unsigned n = g_test_rand_int_range (1, 6); n > 0; n--)
        text[g_test_rand_int_range (0, length)] = g_test_rand_bit ()
                                                    ? "%/{}&=+."[g_test_rand_int_range (0, 8)]
                                                    : g_test_rand_int_range (0, 256);
      if (muster_path_parse (&path, text, NULL))
        {
          for (unsigned s = 0; s < path.n_segments; s++)
            g_assert_true (path.segments[s][0] != '\0' &&
                           g_utf8_validate (path.segments[s], -1, NULL));
          muster_router_match (router, "GET", &path, &allow);
        }
      params = muster_query_string_parse (text, NULL);
      g_assert_cmpuint (params != NULL ? g_hash_table_size (params) : 0, <=,
                        MUSTER_QUERY_MAX_PARAMS);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (match_cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/router/match/%u", i);

      g_test_add_data_func (name, &match_cases[i], test_match);
    }
  for (guint i = 0; i < G_N_ELEMENTS (path_cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/router/path/%u", i);

      g_test_add_data_func (name, &path_cases[i], test_path);
    }
  g_test_add_func ("/router/user-data", test_user_data);
  g_test_add_func ("/router/path/length", test_path_length);
  g_test_add_func ("/router/query-string", test_query_string);
  g_test_add_func ("/router/query-string/refused", test_query_string_refused);
  g_test_add_func ("/router/rights", test_rights);
  g_test_add_func ("/router/mutations", test_mutations);
  return g_test_run ();
}
