/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-tool"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-flash-tool.h"

#define REASON_MAX 400

typedef struct
{
  const char *programs[3]; /* the names it goes by */
  const char *package;
  gboolean    needs_part;
  gboolean    needs_programmer;
} Tool;

static const Tool tools[MUSTER_FLASH_N_TOOLS] = {
  [MUSTER_FLASH_ESPTOOL] = { { "esptool", "esptool.py" }, "esptool", TRUE, FALSE },
  [MUSTER_FLASH_AVRDUDE] = { { "avrdude" }, "avrdude", TRUE, TRUE },
  [MUSTER_FLASH_PICOTOOL] = { { "picotool" }, "picotool", FALSE, FALSE },
  [MUSTER_FLASH_STM32FLASH] = { { "stm32flash" }, "stm32flash", FALSE, FALSE },
  [MUSTER_FLASH_OPENOCD] = { { "openocd" }, "openocd", TRUE, TRUE },
};

char *
muster_flash_tool_find (MusterFlashTool tool, const char *configured, GError **error)
{
  const char *nick = muster_enum_get_nick (&muster_flash_tool_enum, tool);
  char       *found = NULL;

  if (configured != NULL && *configured != '\0')
    {
      if (g_file_test (configured, G_FILE_TEST_IS_EXECUTABLE))
        return g_strdup (configured);
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                   "%s, which the setting flash.%s names, is no program", configured, nick);
      return NULL;
    }
  for (unsigned i = 0; found == NULL && tools[tool].programs[i] != NULL; i++)
    found = g_find_program_in_path (tools[tool].programs[i]);
  if (found == NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                 "%s is not installed on the daemon's machine: install the package %s, or set "
                 "flash.%s to the program",
                 nick, tools[tool].package, nick);
  return found;
}

gboolean
muster_flash_tool_needs_part (MusterFlashTool tool)
{
  return tools[tool].needs_part;
}

gboolean
muster_flash_tool_needs_programmer (MusterFlashTool tool)
{
  return tools[tool].needs_programmer;
}

gboolean
muster_flash_tool_is_port (const char *port)
{
  g_return_val_if_fail (port != NULL, FALSE);

  if (*port == '\0' || *port == '-' || !g_utf8_validate (port, -1, NULL) ||
      g_utf8_strlen (port, -1) > MUSTER_FLASH_PORT_MAX || strpbrk (port, "{}\\") != NULL)
    return FALSE;
  for (const char *at = port; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      return FALSE;
  return strstr (port, "://") == NULL || g_str_has_prefix (port, "rfc2217://") ||
         g_str_has_prefix (port, "socket://");
}

/* --- command lines --- */

static void
add (GStrvBuilder *command, ...)
{
  const char *word = NULL;
  va_list     words;

  va_start (words, command);
  while ((word = va_arg (words, const char *)) != NULL)
    g_strv_builder_add (command, word);
  va_end (words);
}

/* Each chip is read back in a step of its own, so that a board which writes and forgets is told
 * from one that cannot be written. */
static void
add_esptool (GStrvBuilder *command, const MusterFlashJob *job, MusterFlashStep step)
{
  g_autofree char *address = g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", job->address);

  add (command, "--chip", job->part, "--port", job->port, NULL);
  if (step == MUSTER_FLASH_WRITE)
    add (command, "--after", "no_reset", "write_flash", address, job->file, NULL);
  else
    add (command, "--after", "hard_reset", "verify_flash", address, job->file, NULL);
}

/* Its own format is told by the file; a bare one is written from the start of the flash. */
static void
add_avrdude (GStrvBuilder *command, const MusterFlashJob *job, MusterFlashStep step)
{
  g_autofree char *operation =
    g_strdup_printf ("flash:%c:%s:a", step == MUSTER_FLASH_WRITE ? 'w' : 'v', job->file);

  add (command, "-p", job->part, "-c", job->programmer, "-P", job->port, "-V", "-U", operation,
       NULL);
}

static void
add_picotool (GStrvBuilder *command, const MusterFlashJob *job, MusterFlashStep step)
{
  g_autofree char *address = g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", job->address);
  gboolean         is_bare = g_str_has_suffix (job->file, ".bin");

  add (command, step == MUSTER_FLASH_WRITE ? "load" : "verify", "--ser", job->port, job->file,
       NULL);
  if (is_bare)
    add (command, "-o", address, NULL);
}

static void
add_stm32flash (GStrvBuilder *command, const MusterFlashJob *job, MusterFlashStep step)
{
  g_autofree char *address = g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", job->address);

  add (command, "-w", job->file, "-v", "-S", address, "-R", job->port, NULL);
}

static void
add_openocd (GStrvBuilder *command, const MusterFlashJob *job, MusterFlashStep step)
{
  g_autofree char *interface = g_strdup_printf ("interface/%s.cfg", job->programmer);
  g_autofree char *target = g_strdup_printf ("target/%s.cfg", job->part);
  g_autofree char *serial = g_strdup_printf ("adapter serial {%s}", job->port);
  g_autofree char *program =
    g_strdup_printf ("program {%s} 0x%" G_GINT64_MODIFIER "x verify reset exit", job->file,
                     job->address);

  add (command, "-f", interface, "-c", serial, "-f", target, "-c", program, NULL);
}

char **
muster_flash_tool_make_command (MusterFlashTool       tool,
                                const MusterFlashJob *job,
                                MusterFlashStep       step)
{
  g_autoptr (GStrvBuilder) command = g_strv_builder_new ();

  g_return_val_if_fail (job != NULL && job->program != NULL, NULL);

  if (step == MUSTER_FLASH_VERIFY &&
      (tool == MUSTER_FLASH_STM32FLASH || tool == MUSTER_FLASH_OPENOCD))
    return NULL;
  g_strv_builder_add (command, job->program);
  switch (tool)
    {
    case MUSTER_FLASH_ESPTOOL:
      add_esptool (command, job, step);
      break;
    case MUSTER_FLASH_AVRDUDE:
      add_avrdude (command, job, step);
      break;
    case MUSTER_FLASH_PICOTOOL:
      add_picotool (command, job, step);
      break;
    case MUSTER_FLASH_STM32FLASH:
      add_stm32flash (command, job, step);
      break;
    case MUSTER_FLASH_OPENOCD:
      add_openocd (command, job, step);
      break;
    default:
      g_return_val_if_reached (NULL);
    }
  return g_strv_builder_end (command);
}

/* --- what they say --- */

int
muster_flash_tool_read_progress (const char *text)
{
  int found = -1;

  g_return_val_if_fail (text != NULL, -1);

  for (const char *at = strchr (text, '%'); at != NULL; at = strchr (at + 1, '%'))
    {
      const char *digits = at;
      guint64     value = 0;

      while (digits > text && digits[-1] == ' ')
        digits--;
      /* "12.5 %" is 12 */
      while (digits > text && (g_ascii_isdigit (digits[-1]) || digits[-1] == '.'))
        digits--;
      if (!g_ascii_isdigit (*digits))
        continue;
      value = g_ascii_strtoull (digits, NULL, 10);
      if (value <= 100)
        found = (int)value;
    }
  return found;
}

static gboolean
tells_error (const char *line)
{
  static const char *const words[] = { "error", "fail",     "fatal",     "cannot",
                                       "can't", "mismatch", "not found", "timed out" };
  g_autofree char         *lower = g_ascii_strdown (line, -1);

  for (unsigned i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (lower, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

char *
muster_flash_tool_find_reason (const char *log)
{
  g_auto (GStrv) lines = g_strsplit_set (log != NULL ? log : "", "\r\n", 0);
  const char      *last = NULL;
  const char      *telling = NULL;
  g_autofree char *cut = NULL;

  for (unsigned i = 0; lines[i] != NULL; i++)
    {
      g_strstrip (lines[i]);
      if (*lines[i] == '\0')
        continue;
      last = lines[i];
      if (tells_error (last))
        telling = last;
    }
  if (telling != NULL)
    last = telling;
  if (last == NULL)
    return NULL;
  cut = g_strndup (last, REASON_MAX);
  return g_utf8_make_valid (cut, -1);
}

static void
check_word (MusterEntity *batch, const char *field, gboolean is_needed, MusterFieldErrors *errors)
{
  const char      *text = muster_entity_get_string (batch, field);
  g_autofree char *pointer = g_strconcat ("/", field, NULL);

  if (text == NULL && is_needed)
    muster_field_errors_add (errors, pointer, "must be told to this tool");
  /* It is a word of a command line, or the name of a file of the tool's own. */
  if (text != NULL && (*text == '-' || strspn (text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS
                                               "._-") != strlen (text)))
    muster_field_errors_add (errors, pointer, "must consist of letters, digits, . _ and -");
}

void
muster_flash_tool_check_words (MusterEntity *batch, MusterFieldErrors *errors)
{
  MusterFlashTool tool;

  g_return_if_fail (MUSTER_IS_ENTITY (batch));
  g_return_if_fail (errors != NULL);

  tool = (MusterFlashTool)muster_entity_get_enum (batch, "tool");
  check_word (batch, "part", muster_flash_tool_needs_part (tool), errors);
  check_word (batch, "programmer", muster_flash_tool_needs_programmer (tool), errors);
}
