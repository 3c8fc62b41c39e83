"""Validates AWS CLI commands without AWS: the CLI parses each command and validates its parameters, up to the first request,
which is answered with an error.

usage: aws_cli.py      with the unpacked tools' packages in PYTHONPATH

Reads a line of JSON each, the words after `aws`, and answers with {"status": N, "calls": [operation...], "error": "..."}.
The CLI's status is 252 for a command that it does not understand.
"""
import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver
from botocore.awsrequest import AWSResponse

ERROR = b"<ErrorResponse><Error><Code>Stop</Code><Message>no AWS here</Message></Error></ErrorResponse>"


class Raw(io.BytesIO):
    def stream(self, **_):
        yield self.read()


def main():
    driver = create_clidriver()
    calls = []

    def refuse(request, **names):
        calls.append(names.get("event_name", "").rpartition(".")[2] or request.url)
        return AWSResponse(request.url, 400, {"Content-Type": "text/xml"}, Raw(ERROR))

    driver.session.register("before-send", refuse)
    for line in sys.stdin:
        calls.clear()
        said = io.StringIO()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
            try:
                status = driver.main(json.loads(line))
            except SystemExit as end:
                status = end.code
        print(json.dumps({"status": status, "calls": calls, "error": said.getvalue()[-600:]}), flush=True)


if __name__ == "__main__":
    main()
