var http = require("http");
var request = require("request");

http
  .createServer(function (req, res) {
    request({ uri: process.env.UPSTREAM + req.url, encoding: null }).pipe(res);
  })
  .listen(8000);
