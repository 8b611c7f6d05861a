/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_ROM_H
#define MF_ROM_H

/* How tables of constants are qualified. On most boards `const` is enough to leave them in flash; a
 * board where it is not (AVR: -DMF_ROM=__flash) says what is. Such tables are read element by
 * element, by nothing else. */
#ifndef MF_ROM
#define MF_ROM
#endif

#endif
