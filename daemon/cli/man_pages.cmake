# Writes FOLDER/tidings.1, and FOLDER/tidings-COMMAND.1 for each command that `PROGRAM --help` lists, with HELP2MAN.
file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER})
# The defaults shown are those of an installed program, not of the folder that is built in.
unset(ENV{TIDINGS_CONFIG})

function(write_page name summary)
  string(REPLACE ";" " " command "${ARGN}")
  execute_process(
    COMMAND ${HELP2MAN} --no-info --name=${summary} --version-string=${version} --output=${FOLDER}/${name}.1 ${command}
    WORKING_DIRECTORY / COMMAND_ERROR_IS_FATAL ANY)
endfunction()

execute_process(COMMAND ${PROGRAM} --version OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${PROGRAM} --help OUTPUT_VARIABLE help COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE ".*\nSubcommands:\n" "" commands "${help}")
string(REGEX MATCHALL "\n?  [a-z-]+  +[^\n]+" commands "${commands}")
foreach(line ${commands})
  string(REGEX MATCH "([a-z-]+)  +([^\n]+)" line "${line}")
  write_page(tidings-${CMAKE_MATCH_1} "${CMAKE_MATCH_2}" ${PROGRAM} ${CMAKE_MATCH_1})
endforeach()
write_page(tidings "every story once, as it happens" ${PROGRAM})
